package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.Typo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in one sentence, with the name that was probably meant. */
final class Misuse {

    private Misuse() {}

    static String sentence(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        return switch (e) {
            case UnmatchedArgumentException unmatched ->
                unmatched(unmatched.getUnmatched().getFirst(), command);
            case MissingParameterException missing
            when !missing.getMissing().isEmpty() ->
                missing.getMissing().stream().map(Misuse::withLabel).collect(Collectors.joining(", "))
                        + (missing.getMissing().size() == 1 ? " is" : " are") + " missing";
            default -> value(e);
        };
    }

    private static String unmatched(String word, CommandSpec command) {
        if (word.startsWith("-")) {
            String name = word.replaceFirst("=.*", "");
            List<String> known = new ArrayList<>();
            command.options().stream()
                    .filter(option -> !option.hidden())
                    .forEach(option -> known.addAll(Arrays.asList(option.names())));
            return command.qualifiedName() + " has no option " + name + Typo.didYouMean(name, known);
        }
        if (!command.subcommands().isEmpty()) {
            return command.qualifiedName() + " has no command " + word
                    + Typo.didYouMean(word, command.subcommands().keySet());
        }
        return command.qualifiedName() + " does not take a further argument: " + word;
    }

    private static String value(ParameterException e) {
        ArgSpec argument = e.getArgSpec();
        String value = e.getValue();
        String said = Objects.requireNonNullElse(e.getMessage(), "a value is wrong");
        if (argument == null) {
            return said;
        }
        String name = name(argument);
        Class<?> kind = argument.auxiliaryTypes()[0];
        boolean ours = argument.converters().length > 0;
        if (value != null && !ours && kind.isEnum()) {
            List<String> words = Arrays.stream(kind.getEnumConstants())
                    .map(each -> each.toString().toLowerCase(Locale.ROOT))
                    .toList();
            return name + " must be " + String.join(" or ", words) + ", not " + value + Typo.didYouMean(value, words);
        }
        if (value != null && !ours && (kind == int.class || kind == Integer.class)) {
            return name + " must be a whole number, not " + value;
        }
        if (value != null && !ours && (kind == double.class || kind == Double.class)) {
            return name + " must be a number, not " + value;
        }
        // What our own converters say comes after picocli's words.
        return said.replaceFirst("(?s)^Invalid value for .*?\\): |^Invalid value for .*?': ", name + ": ");
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String withLabel(ArgSpec argument) {
        return argument instanceof OptionSpec option && option.arity().max() > 0
                ? option.longestName() + " " + option.paramLabel()
                : name(argument);
    }
}
