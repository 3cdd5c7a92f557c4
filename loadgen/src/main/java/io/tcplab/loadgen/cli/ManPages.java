package io.tcplab.loadgen.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual pages, one for each command, from the model that {@code --help} is printed from, so that both say the same. The form is
 * man(7): a line that begins with a dot is a request, {@code \-} is the minus sign, {@code \&} has no width.
 */
final class ManPages {

    private static final String SECTION = "1";

    private final String version;
    private final String date;
    private final Map<String, String> pages = new LinkedHashMap<>();

    private ManPages(String version, String date) {
        this.version = version;
        this.date = date;
    }

    /**
     * Writes all pages: {@code java -cp tcplab-loadgen.jar io.tcplab.loadgen.cli.ManPages DIR VERSION DATE}. The release calls it; the
     * date is an argument so that two releases of one commit are the same.
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        for (Map.Entry<String, String> page : of(arguments[1], arguments[2]).entrySet()) {
            Files.writeString(directory.resolve(page.getKey()), page.getValue());
        }
    }

    /** The pages by file name: {@code tcplab.1}, {@code tcplab-run.1}, {@code tcplab-lab-show.1} and so on. */
    static Map<String, String> of(String version, String date) {
        ManPages all = new ManPages(version, date);
        all.add(Tcplab.commandLine().getCommandSpec());
        return all.pages;
    }

    private void add(CommandSpec command) {
        pages.put(name(command) + "." + SECTION, page(command));
        visible(command).forEach(this::add);
    }

    private String page(CommandSpec command) {
        StringBuilder page = new StringBuilder();
        page.append(".TH \"%s\" %s \"%s\" \"tcplab %s\" \"tcplab\"\n"
                .formatted(literal(name(command)), SECTION, date, version));
        page.append(".nh\n.ad l\n");
        page.append(".SH NAME\n%s \\- %s\n".formatted(literal(name(command)), literal(inOneLine(command))));
        page.append(".SH SYNOPSIS\n").append(synopsis(command)).append('\n');
        page.append(".SH DESCRIPTION\n");
        paragraph(page, command.usageMessage().description());
        arguments(page, command.positionalParameters());
        options(page, command);
        commands(page, command);
        end(page, HelpEnd.of(command));
        seeAlso(page, command);
        return page.toString();
    }

    /** The description's first sentence without its full stop, as whatis(1) lists it. */
    private static String inOneLine(CommandSpec command) {
        String[] description = command.usageMessage().description();
        String first = description.length == 0 ? "" : description[0].replaceFirst("(?s)(?<=[a-z)])[.:] .*", "");
        return first.replaceFirst("\\.$", "");
    }

    private static String synopsis(CommandSpec command) {
        StringBuilder line = new StringBuilder("\\fB" + literal(command.qualifiedName()) + "\\fR [\\fIOPTION\\fR ...]");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            String label = "\\fI" + literal(parameter.paramLabel()) + "\\fR"
                    + (parameter.arity().max() > 1 ? " ..." : "");
            line.append(parameter.required() ? " " + label : " [" + label + "]");
        }
        if (!visible(command).isEmpty()) {
            line.append(" \\fICOMMAND\\fR ...");
        }
        return line.toString();
    }

    private static void arguments(StringBuilder page, List<PositionalParamSpec> parameters) {
        if (parameters.stream().allMatch(PositionalParamSpec::hidden)) {
            return;
        }
        page.append(".SH ARGUMENTS\n");
        for (PositionalParamSpec parameter : parameters) {
            if (!parameter.hidden()) {
                page.append(".TP\n\\fI").append(literal(parameter.paramLabel())).append("\\fR\n");
                paragraph(page, parameter.description());
            }
        }
    }

    private static void options(StringBuilder page, CommandSpec command) {
        page.append(".SH OPTIONS\n");
        command.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparing(OptionSpec::usageHelp)
                        .thenComparing(OptionSpec::versionHelp)
                        .thenComparing(OptionSpec::longestName))
                .forEach(option -> {
                    String names = Arrays.stream(option.names())
                            .map(name -> "\\fB" + literal(name) + "\\fR")
                            .collect(Collectors.joining(", "));
                    boolean takesValue = option.arity().max() > 0;
                    page.append(".TP\n").append(names);
                    page.append(takesValue ? " \\fI" + literal(option.paramLabel()) + "\\fR\n" : "\n");
                    paragraph(page, option.description());
                });
    }

    private static void commands(StringBuilder page, CommandSpec command) {
        List<CommandSpec> commands = visible(command);
        if (!commands.isEmpty()) {
            page.append(".SH COMMANDS\n");
        }
        for (CommandSpec each : commands) {
            page.append(".TP\n\\fB%s\\fR(%s)\n".formatted(literal(name(each)), SECTION));
            paragraph(page, each.usageMessage().description());
        }
    }

    private static void end(StringBuilder page, HelpEnd end) {
        if (end.examples().isEmpty()) {
            return;
        }
        page.append(".SH EXIT STATUS\n");
        for (String each : end.exitCodes().replaceFirst("\\.$", "").split("; ", -1)) {
            String code = each.substring(0, each.indexOf(' '));
            page.append(".TP\n\\fB").append(code).append("\\fR\n");
            page.append(literal(each.substring(code.length() + 1))).append('\n');
        }
        page.append(".SH EXAMPLES\n");
        end.examples()
                .forEach(example ->
                        page.append(".PP\n\\fB").append(literal(example)).append("\\fR\n"));
    }

    private static void seeAlso(StringBuilder page, CommandSpec command) {
        String others = visible(command.root()).stream()
                .map(ManPages::name)
                .filter(name -> !name.equals(name(command)))
                .sorted()
                .map(name -> "\\fB" + literal(name) + "\\fR(" + SECTION + ")")
                .collect(Collectors.joining(", "));
        page.append(".SH SEE ALSO\n");
        page.append(command.parent() == null ? "" : "\\fBtcplab\\fR(" + SECTION + "), ")
                .append(others);
        page.append(",\n\\fBtcp\\fR(7), \\fBlisten\\fR(2)\n");
    }

    /** Subcommands in the order of the help; picocli keeps one under each of its names. */
    private static List<CommandSpec> visible(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(each -> !each.usageMessage().hidden())
                .distinct()
                .toList();
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /** Lines of text as they are; an empty one begins a paragraph, an indented one keeps its place. */
    private static void paragraph(StringBuilder page, String[] lines) {
        String before = "";
        for (String line : lines) {
            if (line.isBlank()) {
                page.append(before.isEmpty() ? "" : ".PP\n");
            } else {
                page.append(line.startsWith(" ") ? ".br\n" : "")
                        .append(literal(line))
                        .append('\n');
            }
            before = line;
        }
    }

    /** Text that troff prints as it stands. Help is a format for printf(3), in which {@code %%} is one sign. */
    private static String literal(String text) {
        String plain = text.replace("%%", "%").replace("%n", " ");
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
