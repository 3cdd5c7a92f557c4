package io.tcplab.loadgen.house;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A word or phrase that user-facing text does without, and what to write instead.
 *
 * @param words a regular expression in which a space stands for any white space, a line's end in a comment too
 * @param instead the current words
 */
record Wording(String words, String instead) {

    /** All that are known; add one where a sentence of that kind is found. */
    static final List<Wording> AVOIDED = List.of(
            new Wording("wants?|wanted|for want of", "needs, requires"),
            new Wording("(?<!cannot\\s)tell|tells|told|telling", "reports, shows; distinguishes; cannot tell"),
            new Wording("tak(e|es|en|ing) (no )?notice", "ignores; notices"),
            new Wording("oftener", "more often"),
            new Wording("(has|have|had|gives?|given) leave|leave to (send|load|test)", "permission; may"),
            new Wording("(be|get|gets|getting|got) rid of", "remove, avoid"),
            new Wording("the own", "its own, our own"),
            new Wording("(that|which|who) (is|are) none", "malformed; is not a …"),
            new Wording("true (minutes?|waits?|seconds?)", "in real time"),
            new Wording("so often", "N times; as often"),
            new Wording("why so many", "how the expected count follows"),
            new Wording("two of every two|every two values", "every pair of values"),
            new Wording("cures?|remed(y|ies)|recommendations?|recommends?", "advice"),
            new Wording("residues?", "leftovers"),
            new Wording("time-outs?", "timeout"),
            new Wording("under way", "in progress, in flight"),
            new Wording("believed|believes? it|disbeliev\\w+", "trusted, valid"),
            new Wording("for ever", "forever, without limit"),
            new Wording("all the same", "anyway"),
            new Wording("so as to", "to"),
            new Wording("at the (least|most)", "at least, at most"),
            new Wording("but for", "except for"),
            new Wording("nothing but|nobody but|none but", "only"),
            new Wording("nobody|somebody|anybody|everybody", "nothing; no process; all clients"),
            new Wording("anew", "again"),
            new Wording("befell|befalls?|befallen|mishaps?", "happened"),
            new Wording("(hold|holds|held) (it |them |each |every )?against", "compared with, checked against"),
            new Wording("keeps it so", "enforces it"),
            new Wording(
                    "lest|whence|thence|thereof|therein|whereof|hitherto|whilst|amongst|upon|albeit", "a current word"),
            new Wording("shall|ought to", "must, should"),
            new Wording("in vain", "without effect"),
            new Wording("hand-outs?", "report"),
            new Wording(
                    "(is|are|was|were) to (be|have|do|read|send|answer|close|begin|end|say|wait|show|try|come|go|give|take)",
                    "must, should, will"),
            new Wording("a good part of", "most of, many of"),
            new Wording("(the|our) books", "counts"),
            new Wording("(say|says|said) (it )?so", "reports this"),
            new Wording("whatever (became|came|comes) of", "regardless of"),
            new Wording("gives? (the )?word|without a word", "start signal; silently"),
            new Wording("how soon", "after what time"),
            new Wording(
                    "no fault|faults? of (the|a) profile", "problem (a profile has problems, a network has faults)"));

    Pattern pattern() {
        return Pattern.compile(
                "(?<![\\w-])(?:" + words.replace(" ", "[\\s#*]+") + ")(?![\\w-])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);
    }
}
