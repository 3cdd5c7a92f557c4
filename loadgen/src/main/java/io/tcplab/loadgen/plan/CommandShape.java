package io.tcplab.loadgen.plan;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A program and its arguments as a list, or one text for {@code sh -c}. */
final class CommandShape implements Shape<CommandShape.Command> {

    /** Text that execve(2) can pass on: an argument ends with a zero byte. */
    static final Shape<String> ARGUMENT = Shapes.text(Pattern.compile("(?s)[^\\x00]*"), "text without a zero byte");

    private static final int MOST_WORDS = 1_000;

    /** What is started. */
    record Command(List<String> words, boolean shell) {}

    @Override
    public Command read(Value value) {
        if (value.node() instanceof Node.Text) {
            String text = ARGUMENT.read(value);
            if (text.isBlank()) {
                throw value.shape("is empty");
            }
            return new Command(List.of(text), true);
        }
        List<String> words = new ListOf<>(ARGUMENT, 1, MOST_WORDS).read(value);
        if (words.getFirst().isBlank()) {
            throw value.shape("has no program as its first element");
        }
        return new Command(words, false);
    }

    @Override
    public Object write(Command command) {
        return command.shell() ? command.words().getFirst() : List.copyOf(command.words());
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "anyOf",
                List.of(
                        JsonSchema.of("type", "string", "pattern", "\\S"),
                        new ListOf<>(ARGUMENT, 1, MOST_WORDS).schema()));
    }

    @Override
    public String allowed() {
        return "a program and its arguments as a list, or one text for sh -c";
    }
}
