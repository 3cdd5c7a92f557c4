package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.watch.KernelWatch;
import io.tcplab.loadgen.watch.SideSettings;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is there before a run's load begins.
 *
 * @param profile as it fits this place
 * @param target what the load goes to; it listens
 * @param files where the results go
 * @param watch sees the kernels of both sides
 * @param network what lies between the sides and can be changed; absent = it is not ours
 * @param serverSide what is set on the server's side; absent = unknown
 */
record RunScene(
        Profile profile,
        TargetUnderTest target,
        RunFiles files,
        KernelWatch watch,
        @Nullable PlayedNetwork network,
        @Nullable SideSettings serverSide) {

    /** The recorded part begins at that time. */
    void recordedFrom(long nanos) {
        watch.recordedFrom(nanos);
        if (network != null) {
            network.recordedFrom(nanos);
        }
    }
}
