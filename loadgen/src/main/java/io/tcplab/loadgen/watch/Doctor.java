package io.tcplab.loadgen.watch;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.host.Limits;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.kernel.observe.ListenerWatch;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What this host, and this profile on it, allow: with the arithmetic, and the remedy where something is short. */
public final class Doctor {

    private static final double CONNTRACK_TIME_WAIT_SECONDS = 120;
    private static final int DESCRIPTORS_OF_OUR_OWN = 100;

    private final Limits limits;
    private final @Nullable Profile profile;
    private final List<Check> checks = new ArrayList<>();

    /**
     * One thing that was looked at.
     *
     * @param code stable name
     * @param ok whether it is enough, for the profile where there is one
     * @param figures what it was judged by
     * @param advice what it means, and the remedy where it is not enough
     */
    public record Check(String code, boolean ok, Map<String, Object> figures, String advice) {}

    private Doctor(Limits limits, @Nullable Profile profile) {
        this.limits = limits;
        this.profile = profile;
    }

    /** Looks at the calling thread's namespace; the profile may be absent, and the targets of the user's be none. */
    public static List<Check> examine(@Nullable Profile profile, List<Endpoint> targets) {
        Doctor doctor = new Doctor(Limits.read(), profile);
        doctor.ports();
        doctor.sources();
        doctor.descriptors();
        targets.forEach(doctor::listeners);
        if (targets.isEmpty() && (profile == null || profile.startsCompanion())) {
            doctor.backlog();
        }
        doctor.conntrack();
        doctor.timeWaitBuckets();
        doctor.reuse();
        doctor.namespaces();
        return doctor.checks;
    }

    private void ports() {
        long ports = limits.ephemeralPorts().orElse(0);
        PortBudget budget = profile == null
                ? new PortBudget(ports, 1, 0, 0, PortBudget.TIME_WAIT_SECONDS, 0)
                : PortBudget.of(profile, ports, PortBudget.Reuse.of(limits), destination());
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("ephemeralPorts", ports);
        figures.put("sources", budget.sources());
        figures.put("timeWaitSeconds", budget.takenSeconds());
        figures.put("sustainablePerSecond", Math.round(budget.sustainablePerSecond() * 10) / 10.0);
        figures.put("profileClosesPerSecond", Math.round(budget.closedPerSecond() * 10) / 10.0);
        figures.put("profileHolds", budget.held());
        figures.put("profileNeeds", Math.round(budget.needed()));
        checks.add(new Check("localPorts", budget.suffices(), figures, budget.words()));
    }

    private @Nullable InetAddress destination() {
        try {
            Endpoint target = profile == null ? null : profile.target();
            return target == null
                    ? null
                    : OwnAddresses.reachedBy(target.resolve().getAddress());
        } catch (UnknownHostException _) {
            return null; // the check of the listeners says so
        }
    }

    /** Whether this host has the addresses that the profile names as its own. */
    private void sources() {
        if (profile == null || profile.client().sources().isEmpty()) {
            return;
        }
        InetAddress foreign = OwnAddresses.firstForeign(profile.client().sources());
        int number = profile.client().sources().size();
        checks.add(new Check(
                "sources",
                foreign == null,
                Map.of("sources", number),
                foreign == null
                        ? number + (number == 1 ? " address is" : " addresses are") + " this host's own"
                        : OwnAddresses.sentence(foreign)));
    }

    private void descriptors() {
        long most = limits.hardDescriptors();
        long wanted = profile == null
                ? 0
                : switch (profile.load()) {
                    case Load.Open _ -> 0;
                    case Load.Closed closed -> closed.concurrency();
                    case Load.Hold hold -> hold.connections();
                    case Load.Requests requests -> requests.connections();
                };
        boolean ok = most < 0 || wanted + DESCRIPTORS_OF_OUR_OWN <= most;
        checks.add(new Check(
                "descriptors",
                ok,
                Map.of("softLimit", limits.softDescriptors(), "hardLimit", most, "profileNeeds", wanted),
                ok
                        ? String.format(Locale.ROOT, "%,d open files a process (getrlimit(2), RLIMIT_NOFILE)", most)
                        : String.format(
                                Locale.ROOT,
                                "the profile holds %,d connections at once and a process may open %,d files: raise the hard limit"
                                        + " (ulimit -Hn) or run several generators and merge them",
                                wanted,
                                most)));
    }

    private void backlog() {
        long somaxconn = limits.somaxconn().orElse(-1);
        long backlog = (profile == null ? ServerOptions.DEFAULTS : profile.server())
                .companion()
                .backlog();
        boolean ok = somaxconn < 0 || backlog <= somaxconn;
        checks.add(new Check(
                "backlog",
                ok,
                Map.of("backlog", backlog, "somaxconn", somaxconn, "granted", Math.min(backlog, somaxconn)),
                String.format(
                                Locale.ROOT,
                                "listen(%d) is granted min(backlog, net.core.somaxconn) = %d; the accept queue holds one more",
                                backlog,
                                Math.min(backlog, somaxconn))
                        + (ok ? "" : ": raise net.core.somaxconn before the server calls listen()")));
    }

    /** The listeners that take the target's connections, where it is on this host. */
    private void listeners(Endpoint target) {
        InetAddress address;
        try {
            address = OwnAddresses.reachedBy(target.resolve().getAddress());
        } catch (UnknownHostException _) {
            checks.add(new Check("listeners", false, Map.of(), "the host " + target.host() + " is not known"));
            return;
        }
        if (!Whereabouts.isHere(new InetSocketAddress(address, target.port()))) {
            return;
        }
        List<ListenerFigures> found = ListenerWatch.lookOnce(target.port(), address).stream()
                .map(ListenerFigures::now)
                .sorted(ListenerFigures.WORST_FIRST)
                .toList();
        boolean ok = !found.isEmpty() && found.stream().allMatch(ListenerFigures::accepts);
        String words = found.isEmpty()
                ? nobody(target, PassedBy.clause(new InetSocketAddress(address, target.port())))
                : found.stream().map(ListenerInWords::line).collect(Collectors.joining("; "));
        checks.add(new Check("listeners", ok, Map.of("listeners", found), words));
    }

    /** A translation of addresses, such as that of a container's published port, shows in no listener. */
    private static String nobody(Endpoint target, String others) {
        return "nothing listens on " + target + " in this network namespace"
                + (others.isEmpty()
                        ? ": start the server, unless a translation of addresses (a container's published port) leads to one"
                        : "; " + others + ": name that address, or let the server listen on this one as well");
    }

    private void conntrack() {
        if (limits.conntrackMax().isEmpty()) {
            checks.add(new Check("conntrack", true, Map.of("present", false), "no connection tracking on this path"));
            return;
        }
        long most = limits.conntrackMax().getAsLong();
        long now = limits.conntrackCount().orElse(0);
        double sustainable = most / CONNTRACK_TIME_WAIT_SECONDS;
        checks.add(new Check(
                "conntrack",
                now < most,
                Map.of("present", true, "entries", now, "limit", most, "sustainablePerSecond", sustainable),
                String.format(
                        Locale.ROOT,
                        "%,d entries ÷ 120 s = %,.0f short connections/s through connection tracking; more: raise"
                                + " net.netfilter.nf_conntrack_max or exempt the traffic (notrack)",
                        most,
                        sustainable)));
    }

    private void timeWaitBuckets() {
        long buckets = limits.maxTimeWaitBuckets().orElse(-1);
        checks.add(new Check(
                "timeWaitBuckets",
                true,
                Map.of("maxTimeWaitBuckets", buckets),
                String.format(Locale.ROOT, "%,d TIME_WAITs at most; beyond them connections skip the state", buckets)));
    }

    private void reuse() {
        long reuse = limits.timeWaitReuse().orElse(-1);
        String meaning = switch ((int) reuse) {
            case 0 -> "0: a port in TIME_WAIT is free again after 60 s";
            case 1 ->
                "1: a port in TIME_WAIT can be reused after "
                        + limits.timeWaitReuseDelayMillis().orElse(1000) + " ms, when timestamps are on";
            case 2 -> "2: a port in TIME_WAIT can be reused early only between loopback addresses";
            default -> "unknown";
        };
        checks.add(new Check(
                "timeWaitReuse",
                true,
                Map.of("tcpTwReuse", reuse, "timestamps", limits.timestamps().orElse(-1)),
                "net.ipv4.tcp_tw_reuse is " + meaning));
    }

    private void namespaces() {
        Optional<String> obstacle = UserNamespace.obstacle();
        checks.add(new Check(
                "namespaces",
                true,
                Map.of("available", obstacle.isEmpty()),
                obstacle.orElse("network namespaces are available: --isolate netns and the lab work")));
    }
}
