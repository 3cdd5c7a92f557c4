package io.tcplab.loadgen.cli;

import io.tcplab.companion.control.ServeCommand;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ProfileError;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.OrderlyEnd;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line. Errors are one or two sentences on stderr, never a stack trace. */
@Command(
        name = "tcplab",
        description = "Measures what TCP connections cost on Linux, and finds out what a setting really does.",
        mixinStandardHelpOptions = true,
        versionProvider = Tcplab.Version.class)
public final class Tcplab implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            CompareCommand.class,
            TuneCommand.class,
            LimitCommand.class,
            LearnCommand.class,
            InspectCommand.class,
            LabCommand.class,
            ServeCommand.class,
            ObserveCommand.class,
            DoctorCommand.class,
            LeadCommand.class,
            JoinCommand.class,
            ReportCommand.class,
            MergeCommand.class,
            ValidateCommand.class,
            CompletionCommand.class);

    /** The text of {@code tcplab --help}, so that it need not be put together each time; a test holds it against the commands. */
    static final String HELP = "help.txt";

    /** Runs the command line and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0
                || (arguments.length == 1 && List.of("--help", "-h").contains(arguments[0]))) {
            System.out.write(helpText());
            System.out.flush();
            System.exit(ExitCode.FINE.code());
        }
        if (!arguments[0].equals("serve")) { // which ends with 0
            OrderlyEnd.fromTheStart();
        }
        CommandLine commandLine = commandLine(arguments[0]);
        PrintWriter stdout = Terminal.stdout();
        PrintWriter stderr = Terminal.stderr();
        commandLine.setOut(stdout).setErr(stderr);
        int code = commandLine.execute(arguments);
        if (stdout.checkError() && code != ExitCode.INTERRUPTED.code()) {
            stderr.println("tcplab: stdout cannot be written, so output is lost; free space, or keep the pipe open.");
            code = ExitCode.COULD_NOT_RUN.code();
        }
        OrderlyEnd.atTheEnd();
        System.exit(code);
    }

    private static byte[] helpText() throws IOException {
        try (InputStream text = Tcplab.class.getResourceAsStream(HELP)) {
            return text == null ? new byte[0] : text.readAllBytes();
        }
    }

    static CommandLine commandLine() {
        return commandLine("");
    }

    /** With the one command that {@code name} names, which halves the start; with all where it names none, or all are needed. */
    private static CommandLine commandLine(String name) {
        CommandLine commandLine = new CommandLine(new Tcplab());
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> command != CompletionCommand.class
                        && command.getAnnotation(Command.class).name().equals(name))
                .toList();
        (named.isEmpty() ? COMMANDS : named).forEach(commandLine::addSubcommand);
        HelpEnd.add(commandLine);
        haveVersion(commandLine);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(Tcplab::badUsage);
        commandLine.setExecutionExceptionHandler(Tcplab::failed);
        commandLine.setUsageHelpAutoWidth(true);
        return commandLine;
    }

    /** Every command has --version, which would print nothing where only the first one knows it. */
    private static void haveVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Tcplab::haveVersion);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int badUsage(ParameterException e, String[] arguments) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("tcplab: " + Misuse.sentence(e));
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.BAD_USAGE.code();
    }

    private static int failed(Exception e, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (Boolean.getBoolean("tcplab.trace")) {
            e.printStackTrace(err);
        }
        String reason = switch (e) {
            case ProfileError error -> error.getMessage();
            case CannotRun error -> error.getMessage();
            case BadUsage error -> error.getMessage();
            default -> "internal error: " + e + " (TCPLAB_JAVA_OPTS=-Dtcplab.trace=true shows where).";
        };
        err.println("tcplab: " + reason);
        return (e instanceof ProfileError || e instanceof BadUsage ? ExitCode.BAD_USAGE : ExitCode.COULD_NOT_RUN)
                .code();
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tcplab.class.getPackage().getImplementationVersion();
            return new String[] {"tcplab " + (version == null ? "(not packaged)" : version)};
        }
    }
}
