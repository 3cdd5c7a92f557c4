package io.tcplab.loadgen.run;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is captured: {@code --pcap}.
 *
 * @param file where the user needs it; absent = in the results directory alone
 * @param slowest how many of the slowest connections at most; 0 = every packet
 */
public record PcapOption(@Nullable Path file, int slowest) {

    private static final Pattern SLOW = Pattern.compile("slow:([0-9]{1,6})");

    /** Reads a file's name, or {@code slow:N}. */
    public static PcapOption of(String text) {
        Matcher slow = SLOW.matcher(text);
        if (!slow.matches()) {
            return new PcapOption(Path.of(text), 0);
        }
        int most = Integer.parseInt(slow.group(1));
        if (most == 0) {
            throw new BadUsage("--pcap slow:N keeps N connections, from 1 to 999999.");
        }
        return new PcapOption(null, most);
    }
}
