package io.tcplab.loadgen.lab;

import java.util.List;
import java.util.Map;

/**
 * What a verdict rests on.
 *
 * @param counters what moved during the experiment, as {@code client.TcpExt.TW}
 * @param states when each state was seen, in seconds from the start
 * @param times measured spans in seconds, by name
 * @param errno what calls answered, by name
 * @param figures counted things, by name
 * @param sysctls what was set, with the value read back, as {@code client.net.ipv4.tcp_tw_reuse}
 * @param segments the first segments on the wire, as a sequence diagram
 * @param steps what was done, in order
 */
public record Evidence(
        Map<String, Long> counters,
        List<SeenState> states,
        Map<String, Double> times,
        Map<String, String> errno,
        Map<String, Long> figures,
        Map<String, String> sysctls,
        List<String> segments,
        List<String> steps) {

    /** One state of one end of a connection at one moment. */
    public record SeenState(double atSeconds, String end, String state) {}

    /** Nothing was seen. */
    public static final Evidence NONE =
            new Evidence(Map.of(), List.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), List.of());
}
