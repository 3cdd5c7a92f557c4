package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.run.ExitCode;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a completion script. */
@Command(
        name = "completion",
        description = "Prints a completion script: source <(tcplab completion bash)",
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {

    /** The values of an option or parameter in the script: {@code _args=("NONE" "NETNS")}. */
    private static final Pattern CONSTANTS = Pattern.compile("_args=\\((?:\"[A-Z_]+\" ?)+\\)");

    /** The shells that the script serves. */
    enum Shell {
        BASH,
        ZSH
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh (one script serves both).")
    private Shell shell;

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            spec.commandLine()
                    .getOut()
                    .println("autoload -U +X compinit && compinit; autoload -U +X bashcompinit && bashcompinit");
        }
        spec.commandLine().getOut().print(script());
        spec.commandLine().getOut().flush();
        return ExitCode.FINE.code();
    }

    /** With the values of an option as help and pages write them: picocli has the names of the constants. */
    private String script() {
        return CONSTANTS
                .matcher(AutoComplete.bash("tcplab", spec.root().commandLine()))
                .replaceAll(values -> values.group().toLowerCase(Locale.ROOT));
    }
}
