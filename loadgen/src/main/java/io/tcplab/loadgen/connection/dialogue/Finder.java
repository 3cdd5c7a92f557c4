package io.tcplab.loadgen.connection.dialogue;

import com.google.re2j.Pattern;
import io.tcplab.loadgen.plan.Script;
import io.tcplab.loadgen.plan.Template;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks into a whole answer. Only an expression that is more than plain text allocates for it. */
sealed interface Finder {

    /** Absent = the answer may be anything. */
    static @Nullable Finder of(Script.@Nullable Match match, Function<List<Template.Piece>, Filling> filling) {
        return switch (match) {
            case null -> null;
            case Script.Literal literal ->
                new Bytes(filling.apply(literal.bytes().pieces()), new Search());
            case Script.Regex regex -> OfExpression.of(regex);
        };
    }

    boolean finds(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to);

    /** Looks into bytes for an expression. */
    sealed interface OfExpression extends Finder {

        static OfExpression of(Script.Regex regex) {
            OfExpression plain = Plain.of(regex.expression());
            return plain == null ? new Expression(Pattern.compile(regex.expression())) : plain;
        }

        boolean isIn(ByteBuffer bytes, int from, int to);

        @Override
        default boolean finds(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
            return isIn(bytes, from, to);
        }
    }

    /** What is sought, as it follows the answer's own words. */
    String words(Conversation conversation, Talk talk);

    /** These bytes somewhere. */
    record Bytes(Filling wanted, Search search) implements Finder {
        @Override
        public boolean finds(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
            search.seek(wanted.whole(conversation, talk), wanted.length(conversation, talk));
            return search.isIn(bytes, from, to);
        }

        @Override
        public String words(Conversation conversation, Talk talk) {
            return " with " + Escaped.of(wanted.whole(conversation, talk), wanted.length(conversation, talk))
                    + " in it";
        }
    }

    /** An expression without operators but {@code ^} in front and {@code $} behind. */
    record Plain(String expression, boolean first, boolean last, Search search) implements OfExpression {

        private static final String OPERATORS = ".*+?()[]{}|^$\\";

        /** Returns it; absent = the expression is more than that. */
        static @Nullable OfExpression of(String expression) {
            boolean first = expression.startsWith("^");
            boolean last = expression.endsWith("$") && !expression.endsWith("\\$");
            String inner =
                    expression.substring(first ? 1 : 0, Math.max(first ? 1 : 0, expression.length() - (last ? 1 : 0)));
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < inner.length(); i++) {
                char c = inner.charAt(i);
                if (c == '\\' && i + 1 < inner.length() && OPERATORS.indexOf(inner.charAt(i + 1)) >= 0) {
                    text.append(inner.charAt(++i));
                } else if (OPERATORS.indexOf(c) >= 0 || c > 0x7F) {
                    return null;
                } else {
                    text.append(c);
                }
            }
            byte[] wanted = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            return new Plain(expression, first, last, new Search(wanted));
        }

        @Override
        public boolean isIn(ByteBuffer bytes, int from, int to) {
            if (!first && !last) {
                return search.isIn(bytes, from, to);
            }
            int rest = to - from - search.length();
            return rest >= 0 && (rest == 0 || !first || !last) && search.isAt(bytes, first ? from : from + rest);
        }

        @Override
        public String words(Conversation conversation, Talk talk) {
            return " that matches " + expression;
        }
    }

    /** What RE2/J finds, reading the answer as UTF-8. */
    record Expression(Pattern pattern) implements OfExpression {
        @Override
        public boolean isIn(ByteBuffer bytes, int from, int to) {
            byte[] all = new byte[to - from];
            bytes.get(from, all);
            return pattern.matcher(all).find();
        }

        @Override
        public String words(Conversation conversation, Talk talk) {
            return " that matches " + pattern.pattern();
        }
    }
}
