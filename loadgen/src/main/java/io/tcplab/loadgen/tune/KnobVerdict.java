package io.tcplab.loadgen.tune;

import java.util.List;

/**
 * What a knob did.
 *
 * @param key the knob's label
 * @param tookEffect whether anything that was counted or measured differs because of it
 * @param evidence what the kernel counted, for example {@code client TcpExt.TWRecycled 0 → 500}
 * @param verdict what it changed and where, or that it has no effect, or that it is absent
 * @param recommendation what to do, under which conditions; empty where nothing general can be said
 */
public record KnobVerdict(
        String key, boolean tookEffect, List<String> evidence, String verdict, String recommendation) {

    public KnobVerdict {
        evidence = List.copyOf(evidence);
    }
}
