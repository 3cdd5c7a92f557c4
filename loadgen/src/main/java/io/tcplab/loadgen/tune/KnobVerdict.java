package io.tcplab.loadgen.tune;

import java.util.List;

/**
 * What a knob did.
 *
 * @param key the knob's label
 * @param tookEffect whether anything that was counted or measured differs because of it
 * @param effects what it changed, one line for each two cells that differ in it alone and in what they did
 * @param without the changes of it that changed nothing
 * @param cannotTell the changes of it after which the connections differ, in too few rounds to rule out noise
 * @param evidence what the kernel counted, for example {@code client TcpExt.TWRecycled 0 → 500}
 * @param verdict all of it in words: what it changed and where, or that it has no effect, or that the rounds are too few
 * @param recommendation what to do, under which conditions; empty where nothing general can be said
 */
public record KnobVerdict(
        String key,
        boolean tookEffect,
        List<String> effects,
        List<String> without,
        List<String> cannotTell,
        List<String> evidence,
        String verdict,
        String recommendation) {

    public KnobVerdict {
        effects = List.copyOf(effects);
        without = List.copyOf(without);
        cannotTell = List.copyOf(cannotTell);
        evidence = List.copyOf(evidence);
    }
}
