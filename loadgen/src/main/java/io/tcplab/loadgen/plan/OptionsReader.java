package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.loadgen.plan.ClientOptions.KeepaliveProbe;
import io.tcplab.loadgen.plan.ClientOptions.Transport;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code client}, {@code server} and {@code sysctls}. */
final class OptionsReader {

    private static final Map<String, Transport> TRANSPORTS = Words.of(Transport.class);
    private static final long DEFAULT_TIMEOUT_NANOS = 5 * Measure.NANOS_PER_SECOND;
    private static final int LARGEST_BUFFER = 1 << 30;
    private static final int MOST_EVENT_LOOPS = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MOST_FAST_OPEN = 65_535;

    // The kernel's limits for TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT (include/net/tcp.h, MAX_TCP_KEEP…).
    private static final int LONGEST_KEEPALIVE = 32_767;
    private static final int MOST_PROBES = 127;

    private static final Pattern SYSCTL = Pattern.compile("net(\\.[A-Za-z0-9_-]{1,64}){1,8}");
    private static final Pattern SYSCTL_VALUE = Pattern.compile("[ -~]{1,256}");

    private OptionsReader() {}

    static ClientOptions client(Value value) {
        Section section = Section.of(
                value,
                "sources",
                "bindAddressNoPort",
                "eventLoops",
                "pinCpu",
                "transport",
                "optimistic",
                "nodelay",
                "sendBuffer",
                "receiveBuffer",
                "connectTimeout",
                "exchangeTimeout",
                "closeTimeout",
                "userTimeout",
                "fastOpen",
                "keepaliveProbe");
        return new ClientOptions(
                SourceAddresses.read(section.find("sources")),
                section.flag("bindAddressNoPort", true),
                section.count("eventLoops", 1, 1, MOST_EVENT_LOOPS),
                section.flag("pinCpu", false),
                section.word("transport", Transport.AUTO, TRANSPORTS),
                section.flag("optimistic", true),
                section.flag("nodelay", true),
                section.size("sendBuffer", 0, 0, LARGEST_BUFFER),
                section.size("receiveBuffer", 0, 0, LARGEST_BUFFER),
                section.nanos("connectTimeout", DEFAULT_TIMEOUT_NANOS, 1, Value.LONGEST_NANOS),
                section.nanos("exchangeTimeout", DEFAULT_TIMEOUT_NANOS, 1, Value.LONGEST_NANOS),
                section.nanos("closeTimeout", DEFAULT_TIMEOUT_NANOS, 1, Value.LONGEST_NANOS),
                userTimeoutMillis(section.find("userTimeout")),
                section.flag("fastOpen", false),
                keepaliveProbe(section.find("keepaliveProbe")));
    }

    private static int userTimeoutMillis(@Nullable Value value) {
        if (value == null) {
            return 0;
        }
        long nanos = value.nanos(0, Value.LONGEST_NANOS);
        if (nanos % NANOS_PER_MILLI != 0) {
            throw value.meaning(
                    quote(value.text()) + " is not a whole number of milliseconds, which TCP_USER_TIMEOUT counts in");
        }
        return (int) (nanos / NANOS_PER_MILLI);
    }

    private static @Nullable KeepaliveProbe keepaliveProbe(@Nullable Value value) {
        if (value == null) {
            return null;
        }
        Section section = Section.of(value, "idle", "interval", "count");
        return new KeepaliveProbe(
                section.seconds("idle", 0, 1, LONGEST_KEEPALIVE),
                section.seconds("interval", 0, 1, LONGEST_KEEPALIVE),
                section.count("count", 0, 1, MOST_PROBES));
    }

    static ServerOptions server(Value value) {
        Section section = Section.of(
                value,
                "backlog",
                "acceptDelay",
                "acceptPaused",
                "eventLoops",
                "nodelay",
                "receiveBuffer",
                "sendBuffer",
                "deferAccept",
                "fastOpen");
        ServerOptions defaults = ServerOptions.DEFAULTS;
        return new ServerOptions(
                section.count("backlog", defaults.backlog(), 0, Integer.MAX_VALUE),
                section.nanos("acceptDelay", defaults.acceptDelayNanos(), 0, Value.LONGEST_NANOS),
                section.flag("acceptPaused", defaults.acceptPaused()),
                section.count("eventLoops", defaults.eventLoops(), 1, MOST_EVENT_LOOPS),
                section.flag("nodelay", defaults.nodelay()),
                section.size("receiveBuffer", defaults.receiveBufferBytes(), 0, LARGEST_BUFFER),
                section.size("sendBuffer", defaults.sendBufferBytes(), 0, LARGEST_BUFFER),
                section.seconds("deferAccept", defaults.deferAcceptSeconds(), 0, LONGEST_KEEPALIVE),
                section.count("fastOpen", defaults.fastOpenQueue(), 0, MOST_FAST_OPEN));
    }

    /** Reads one side's sysctls; only {@code net.*} belongs to a network namespace. */
    static Map<String, String> sysctls(@Nullable Value value) {
        Map<String, String> sysctls = new LinkedHashMap<>();
        if (value != null) {
            value.fields().forEach((key, field) -> {
                Value sysctl = new Value(value.path() + "." + key, field.value());
                if (!SYSCTL.matcher(key).matches()) {
                    throw sysctl.shape("is no sysctl that a run may set; only net.* is, such as net.ipv4.tcp_tw_reuse");
                }
                sysctls.put(key, sysctl.text(SYSCTL_VALUE, "a value such as 1 or 32768 60999, on one line"));
            });
        }
        return Collections.unmodifiableMap(sysctls);
    }

    /** The section, or an empty one in its place. */
    static Value orEmpty(@Nullable Value value, String path, Mark at) {
        return value == null ? new Value(path, new Node.Fields(at, Map.of())) : value;
    }
}
