package io.tcplab.loadgen.run;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.CompanionProcess;
import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.kernel.syscall.CpuClock;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.watch.ServerProcess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A companion target that lives as long as the run, set up as the profile says. */
final class ChildCompanion implements TargetUnderTest {

    private static final Duration FINISH = Duration.ofSeconds(2);

    private final CompanionProcess process;
    private final long readyCpuNanos;

    private ChildCompanion(CompanionProcess process) {
        this.process = process;
        this.readyCpuNanos = CpuClock.processNanos(process.pid());
    }

    /** Starts it, bound to {@code host}; the prefix is a command that brings it to where it is to live. */
    static ChildCompanion start(Profile profile, String host, List<String> prefix) throws CannotRun {
        try {
            return new ChildCompanion(CompanionProcess.start(ProfileCompanion.settings(profile, host, 0), prefix));
        } catch (CompanionException e) {
            throw new CannotRun(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public InetSocketAddress address() {
        return process.address();
    }

    @Override
    public byte @Nullable [] certificate() {
        String pem = process.certificatePem();
        return pem.isEmpty() ? null : SelfSigned.certificate(pem);
    }

    @Override
    public @Nullable ServerProcess finish() {
        long endCpuNanos = CpuClock.processNanos(process.pid());
        try {
            CompanionCounts counts = process.finish(FINISH);
            // The start of its JVM costs more than thousands of connections and is no part of their price.
            return new ServerProcess((endCpuNanos - readyCpuNanos) / 1e9, counts.byName());
        } catch (CompanionException _) {
            // It was killed, or has crashed: what it counted is lost, and the client's outcomes tell the rest.
            return null;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
