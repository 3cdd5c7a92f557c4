package io.tcplab.loadgen.limit;

import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.ProfileSets;
import io.tcplab.loadgen.run.BadUsage;
import java.util.Locale;

/** What is raised until a threshold is not kept. */
public enum LimitFigure {
    /** Arrivals of an open loop. */
    RATE("rate", "connections/s"),
    /** Connections at a time of a closed loop. */
    CONCURRENCY("concurrency", "connections at a time"),
    /** Exchanges a second over kept connections. */
    REQUESTS("requests", "requests/s"),
    /** Connections that are held. */
    CONNECTIONS("connections", "connections held");

    private final String key;
    private final String unit;

    LimitFigure(String key, String unit) {
        this.key = key;
        this.unit = unit;
    }

    /** The name in JSON. */
    public String key() {
        return key;
    }

    /** What its value counts, in words. */
    public String unit() {
        return unit;
    }

    /** The one that a load has. */
    static LimitFigure of(Load load) {
        return switch (load) {
            case Load.Open open -> {
                Load.RateSegment first = open.segments().getFirst();
                if (open.segments().size() > 1 || first.fromPerSecond() != first.toPerSecond()) {
                    throw new BadUsage("limit needs a load of one constant rate, not steps or a ramp: use --rate.");
                }
                yield RATE;
            }
            case Load.Closed _ -> CONCURRENCY;
            case Load.Hold _ -> CONNECTIONS;
            case Load.Requests _ -> REQUESTS;
        };
    }

    /** Its value in a load. */
    double in(Load load) {
        return switch (load) {
            case Load.Open open -> open.segments().getFirst().fromPerSecond();
            case Load.Closed closed -> closed.concurrency();
            case Load.Hold hold -> hold.connections();
            case Load.Requests requests -> requests.perSecond();
        };
    }

    /** The override of the profile that sets it. */
    String set(double value) {
        return switch (this) {
            case RATE -> "load.open.rate=" + String.format(Locale.ROOT, "%.3f/s", value);
            case CONCURRENCY -> ProfileSets.concurrency(Long.toString(Math.round(value)));
            case REQUESTS -> "load.requests.rate=" + String.format(Locale.ROOT, "%.3f/s", value);
            case CONNECTIONS -> "load.hold.connections=" + Math.round(value);
        };
    }

    /** A value that can be set: rates to a tenth, the others whole. */
    double rounded(double value) {
        return this == RATE || this == REQUESTS ? Math.round(value * 10) / 10.0 : Math.max(1, Math.round(value));
    }
}
