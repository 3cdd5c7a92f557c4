package io.tcplab.loadgen.plan;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that a threshold may put after {@code client.} or {@code server.}: what that side's kernel showed.
 *
 * <pre>
 * acceptQueue.limit|peak|p99, timeWait.peak|final, also as one word, acceptQueuePeak
 * peakStates.STATE, finalStates.STATE      the kernel's name of the state, CLOSE_WAIT
 * listenOverflows                          a counter of the catalogue, by its id or by the kernel's own word
 * TcpExt.TWRecycled                        any counter of the sections Tcp, TcpExt and MPTcpExt, as the kernel writes it
 * counters.TcpExt.TWRecycled               the same, by its path in summary.json
 * </pre>
 */
final class KernelFigure {

    private static final Set<String> QUEUES = Set.of(
            "acceptQueue.limit",
            "acceptQueue.peak",
            "acceptQueue.p99",
            "acceptQueueLimit",
            "acceptQueuePeak",
            "acceptQueueP99",
            "timeWait.peak",
            "timeWait.final",
            "timeWaitPeak",
            "timeWaitFinal");
    private static final List<String> STATE_GROUPS = List.of("peakStates.", "finalStates.");
    private static final Pattern FULL_NAME =
            Pattern.compile("(counters\\.)?(Tcp|TcpExt|MPTcpExt)\\.[A-Z][A-Za-z0-9]{0,60}");

    private KernelFigure() {}

    static boolean isKnown(String name) {
        return QUEUES.contains(name)
                || isState(name)
                || FULL_NAME.matcher(name).matches()
                || Arrays.stream(KernelCounter.values())
                        .anyMatch(each -> each.id().equals(name) || word(each).equalsIgnoreCase(name));
    }

    private static boolean isState(String name) {
        return STATE_GROUPS.stream()
                .filter(name::startsWith)
                .map(group -> name.substring(group.length()))
                .anyMatch(state -> states().contains(state));
    }

    private static List<String> states() {
        return Arrays.stream(TcpState.values())
                .filter(each -> each.number() <= TcpState.CLOSING.number())
                .map(TcpState::name)
                .toList();
    }

    private static String word(KernelCounter counter) {
        return counter.kernelName().substring(counter.kernelName().indexOf('.') + 1);
    }

    /** The name that was probably meant, as {@link Typo} says it. */
    static String didYouMean(String name) {
        for (String group : STATE_GROUPS) {
            if (name.startsWith(group)) {
                String state = name.substring(group.length()).toUpperCase(Locale.ROOT);
                String near = Typo.didYouMean(state, states());
                return near.isEmpty() ? "; the states are " + String.join(", ", states()) : near;
            }
        }
        List<String> words = new ArrayList<>(QUEUES);
        states().forEach(state -> STATE_GROUPS.forEach(group -> words.add(group + state)));
        for (KernelCounter each : KernelCounter.values()) {
            words.add(each.id());
        }
        return Typo.didYouMean(name, words);
    }
}
