package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.connection.dialogue.Dialogue.Part;
import io.tcplab.loadgen.plan.Script;
import java.util.List;

/** A script's turns, compiled, by its parts. */
final class ScriptTurns {

    private final Turn[][] byPart = new Turn[Part.values().length][];

    /**
     * Compiles.
     *
     * @param member the name of the mix member, for its variable
     * @param stepNames all names of steps; a step's number is its place in them
     */
    ScriptTurns(Script script, String member, List<String> stepNames) {
        TurnCompiler compiler = new TurnCompiler(member, stepNames);
        byPart[Part.OPENING.ordinal()] = compiler.turns(script.opening());
        byPart[Part.EXCHANGE.ordinal()] = compiler.turns(script.exchange());
        byPart[Part.FAREWELL.ordinal()] = compiler.turns(script.farewell());
    }

    boolean has(Part part) {
        return byPart[part.ordinal()].length > 0;
    }

    /** The first of a connection. */
    Turn first() {
        return first(has(Part.OPENING) ? Part.OPENING : Part.EXCHANGE);
    }

    /** The first of a part that there is. */
    Turn first(Part part) {
        return byPart[part.ordinal()][0];
    }

    /** That in which a connection is. */
    Turn of(Talk talk) {
        return byPart[talk.part.ordinal()][talk.turn];
    }

    /** Whether another one follows in the part. */
    boolean hasNext(Talk talk) {
        return talk.turn + 1 < byPart[talk.part.ordinal()].length;
    }

    /** Whether an answer is expected in the part. */
    boolean expects(Part part) {
        for (Turn turn : byPart[part.ordinal()]) {
            if (turn.expects.length > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything is sent in the part's turns from {@code first} on. */
    boolean sendsFrom(Part part, int first) {
        Turn[] all = byPart[part.ordinal()];
        for (int i = first; i < all.length; i++) {
            if (all[i].send != null) {
                return true;
            }
        }
        return false;
    }
}
