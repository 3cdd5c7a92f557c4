package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.tcplab.loadgen.plan.Script.Match;
import io.tcplab.loadgen.plan.Script.Regex;
import java.util.List;
import java.util.Map;

/** An expression of RE2/J, whose search takes time linear in the answer's length (github.com/google/re2j). */
record RegexShape() implements Shape<Match> {

    private static final int LONGEST_EXPRESSION = 4_096;

    @Override
    public Match read(Value value) {
        String expression = value.text(allowed());
        if (expression.length() > LONGEST_EXPRESSION) {
            throw value.meaning("is longer than any expression needs to be");
        }
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw value.meaning("is not an expression of RE2: " + e.getDescription() + " "
                    + quote(String.valueOf(e.getPattern()))
                    + "; put a \\ before a character that stands for itself");
        }
        return new Regex(expression);
    }

    @Override
    public Object write(Match match) {
        return ((Regex) match).expression();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", List.of("string", "number", "boolean"));
    }

    @Override
    public String allowed() {
        return "an expression of RE2";
    }
}
