package io.tcplab.loadgen.view;

import io.tcplab.loadgen.pace.RateCurve;
import io.tcplab.loadgen.plan.Action;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.report.text.ProfileWords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is going to be seen: one run of a profile, or the observation of a port.
 *
 * @param name of the profile, or of what is observed
 * @param words what is done, in a line
 * @param load what the plan asks for; absent where nothing is sent
 * @param warmupNanos before the part that counts
 * @param nanos how long that part lasts; {@link Profile#UNLIMITED} = until {@code connections} have ended, or a key or signal ends it
 * @param connections how many are started; {@link Profile#UNLIMITED} = as many as the time allows
 * @param actions that are done meanwhile
 */
public record Undertaking(
        String name,
        String words,
        @Nullable Load load,
        long warmupNanos,
        long nanos,
        long connections,
        List<Action> actions) {

    public Undertaking {
        actions = List.copyOf(actions);
    }

    /** Before it is known what is going to be seen. */
    static final Undertaking NONE = new Undertaking("", "", null, 0, Profile.UNLIMITED, Profile.UNLIMITED, List.of());

    /** A run of this profile. */
    public static Undertaking of(Profile profile) {
        return new Undertaking(
                profile.name(),
                ProfileWords.load(profile),
                profile.load(),
                profile.warmupNanos(),
                profile.durationNanos(),
                profile.connections(),
                profile.actions());
    }

    /** The observation of a port; {@code where} it is, such as {@code on this host}. */
    public static Undertaking observing(int port, String where, long nanos) {
        return new Undertaking("port " + port, "observed " + where, null, 0, nanos, Profile.UNLIMITED, List.of());
    }

    /** Connections a second that the plan asks for from one second to another; absent where it asks for no rate. */
    @Nullable
    Double plannedConnections(double fromSecond, double toSecond) {
        Load.Open open = load instanceof Load.Open given ? given : null;
        boolean over = toSecond - nanos / 1e9 > (toSecond - fromSecond) / 2;
        if (open == null || toSecond <= fromSecond || over) {
            return null;
        }
        RateCurve curve = new RateCurve(open.segments());
        double arrivals = curve.arrivalsBy((long) (toSecond * 1e9)) - curve.arrivalsBy((long) (fromSecond * 1e9));
        return arrivals / (toSecond - fromSecond);
    }

    /** Exchanges a second that the plan asks for; absent where it asks for no rate. */
    @Nullable
    Double plannedExchanges() {
        return load instanceof Load.Requests requests ? requests.perSecond() : null;
    }

    /** Connections that the plan keeps open at a time; absent where it keeps no number. */
    @Nullable
    Double plannedInFlight() {
        return switch (load) {
            case null -> null;
            case Load.Open _ -> null;
            case Load.Closed closed -> (double) closed.concurrency();
            case Load.Hold hold -> (double) hold.connections();
            case Load.Requests requests -> (double) requests.connections();
        };
    }
}
