package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Share;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for beside the profile.
 *
 * @param profile the effective profile, of all generators where there are several
 * @param share the part of it that this generator has
 * @param remote about a target that we did not start
 * @param isolation where target and generator run
 * @param out the results directory itself; absent = a new one below {@code resultsRoot}
 * @param resultsRoot where results are written
 * @param pcap what is captured of the network between the sides; absent = nothing
 */
public record RunRequest(
        Profile profile,
        Share share,
        RemoteOptions remote,
        Isolation isolation,
        @Nullable Path out,
        Path resultsRoot,
        @Nullable PcapOption pcap) {

    public RunRequest {
        remote = isolation == Isolation.NONE || profile.target() != null ? remote : remote.inIsolation();
    }

    /** Without a capture. */
    public RunRequest(
            Profile profile,
            Share share,
            RemoteOptions remote,
            Isolation isolation,
            @Nullable Path out,
            Path resultsRoot) {
        this(profile, share, remote, isolation, out, resultsRoot, null);
    }

    /** The same with a capture. */
    public RunRequest capturing(@Nullable PcapOption option) {
        return new RunRequest(profile, share, remote, isolation, out, resultsRoot, option);
    }

    /** For the only generator of its load. */
    public RunRequest(
            Profile profile, RemoteOptions remote, Isolation isolation, @Nullable Path out, Path resultsRoot) {
        this(profile, Share.WHOLE, remote, isolation, out, resultsRoot);
    }
}
