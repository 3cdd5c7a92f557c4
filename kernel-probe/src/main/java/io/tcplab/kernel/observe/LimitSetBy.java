package io.tcplab.kernel.observe;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** What set the limit of an accept queue, which is min(backlog, somaxconn) at the time of listen(2). */
public enum LimitSetBy {
    /** The limit is somaxconn: that alone, or the backlog as well where both are the same. */
    SOMAXCONN("somaxconn"),

    /** The limit is less than somaxconn: the backlog that the program gave listen(2). */
    LISTEN("listen"),

    /** The limit is more than somaxconn is now: the setting was lowered after the listener began. */
    EARLIER_SOMAXCONN("earlierSomaxconn");

    private final String id;

    LimitSetBy(String id) {
        this.id = id;
    }

    /** The word in results. */
    public String id() {
        return id;
    }

    /** The constant with this id. */
    public static Optional<LimitSetBy> byId(String id) {
        return Arrays.stream(values()).filter(each -> each.id.equals(id)).findFirst();
    }

    /** What set this limit in a namespace with this somaxconn; empty where one of the two is not known. */
    public static Optional<LimitSetBy> of(long limit, OptionalLong somaxconn) {
        if (limit < 0 || somaxconn.isEmpty()) {
            return Optional.empty();
        }
        int order = Long.compare(limit, somaxconn.getAsLong());
        return Optional.of(order == 0 ? SOMAXCONN : order < 0 ? LISTEN : EARLIER_SOMAXCONN);
    }
}
