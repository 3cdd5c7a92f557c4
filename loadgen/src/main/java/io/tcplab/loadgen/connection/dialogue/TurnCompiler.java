package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.plan.Script;
import io.tcplab.loadgen.plan.Script.Step;
import io.tcplab.loadgen.plan.Template;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes turns of a script's steps. Each variable of the script has a number of its own, by which its random values differ. */
final class TurnCompiler {

    private final String member;
    private final List<String> stepNames;
    private int variables;

    /** The turn that is being made. */
    private long pauseNanos;

    private int pauseStep = Turn.NO_STEP;
    private final List<Template.Piece> sent = new ArrayList<>();
    private int sendStep = Turn.NO_STEP;
    private final List<Expected> expects = new ArrayList<>();

    TurnCompiler(String member, List<String> stepNames) {
        this.member = member;
        this.stepNames = stepNames;
    }

    Turn[] turns(List<Step> steps) {
        List<Turn> turns = new ArrayList<>();
        for (Step step : steps) {
            Turn finished = take(step);
            if (finished != null) {
                turns.add(finished);
            }
        }
        if (!isEmpty()) {
            turns.add(finish());
        }
        return turns.toArray(Turn[]::new);
    }

    private boolean isEmpty() {
        return pauseNanos == 0 && sent.isEmpty() && expects.isEmpty();
    }

    /** Adds a step; returns the turn before it where it begins another one. */
    private @Nullable Turn take(Step step) {
        Turn finished = null;
        switch (step) {
            case Script.Pause pause -> {
                finished = isEmpty() ? null : finish();
                pauseNanos = pause.nanos();
                pauseStep = number(pause);
            }
            case Script.Send send -> {
                boolean joins = sent.isEmpty() || (sendStep == Turn.NO_STEP && number(send) == Turn.NO_STEP);
                finished = expects.isEmpty() && joins ? null : finish();
                sent.addAll(send.bytes().pieces());
                sendStep = number(send);
            }
            case Script.Expect expect -> expects.add(Expected.of(expect, this::filling, number(expect)));
        }
        return finished;
    }

    private Turn finish() {
        Turn turn = new Turn(
                pauseNanos,
                pauseStep,
                sent.isEmpty() ? null : filling(sent),
                sendStep,
                expects.toArray(Expected[]::new));
        pauseNanos = 0;
        pauseStep = Turn.NO_STEP;
        sent.clear();
        sendStep = Turn.NO_STEP;
        expects.clear();
        return turn;
    }

    private Filling filling(List<Template.Piece> pieces) {
        Filling filling = new Filling(pieces, member, variables);
        variables += pieces.size();
        return filling;
    }

    private int number(Step step) {
        return step.name().isEmpty() ? Turn.NO_STEP : stepNames.indexOf(step.name());
    }
}
