package io.tcplab.kernel.observe;

import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.util.Optional;

/**
 * A listener of the target at one moment, with what is found out about it more rarely.
 *
 * @param socket its queue, as of this moment
 * @param setBy what set the limit of its queue; absent where somaxconn or the limit is not known
 * @param owner the process that holds it, with its descriptors as of the last look, a second ago at most while connections
 *     wait in the queue, and three otherwise; absent where /proc hides it
 */
public record ObservedListener(ListenerReading socket, Optional<LimitSetBy> setBy, Optional<SocketOwner> owner) {
    /** The same, held by another process. */
    public ObservedListener heldBy(SocketOwner other) {
        return new ObservedListener(socket, setBy, Optional.of(other));
    }
}
