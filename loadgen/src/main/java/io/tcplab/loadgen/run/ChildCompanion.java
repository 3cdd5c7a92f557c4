package io.tcplab.loadgen.run;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import io.tcplab.companion.control.CompanionProcess;
import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.syscall.CpuClock;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.plan.ServerOptions;
import io.tcplab.loadgen.watch.ServerProcess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
            return new ChildCompanion(CompanionProcess.start(settings(profile, host), prefix));
        } catch (CompanionException e) {
            throw new CannotRun(String.valueOf(e.getMessage()), e);
        }
    }

    static CompanionSettings settings(Profile profile, String host) throws CannotRun {
        ServerOptions server = profile.server();
        return new CompanionSettings(
                host,
                0,
                server.backlog(),
                server.acceptDelayNanos(),
                server.acceptPaused(),
                server.eventLoops(),
                server.nodelay(),
                server.receiveBufferBytes(),
                server.sendBufferBytes(),
                server.deferAcceptSeconds(),
                server.fastOpenQueue(),
                protocol(profile),
                closeOnAccept(profile),
                profile.tls() == null ? null : ServedTls.SELF_SIGNED,
                (int) (profile.observeIntervalNanos() / 1_000_000));
    }

    private static ServedProtocol protocol(Profile profile) throws CannotRun {
        Set<ServedProtocol> all = EnumSet.noneOf(ServedProtocol.class);
        for (MixMember member : profile.mix()) {
            Protocol spoken = profile.protocolOf(member);
            ServedProtocol served = spoken.served();
            if (served == null) {
                throw new CannotRun(
                        "No companion answers " + spoken.words() + ": name your server with --target HOST:PORT.");
            }
            all.add(served);
        }
        if (all.size() > 1) {
            throw new CannotRun("The members of the mix speak different protocols, and a companion speaks one: "
                    + "name your server with --target HOST:PORT.");
        }
        return all.iterator().next();
    }

    /** Where nothing is said, the companion itself must know how to end; the profile's check has seen to it that all members agree. */
    private static CloseOnAccept closeOnAccept(Profile profile) {
        Close close = profile.mix().stream()
                .map(MixMember::close)
                .filter(one -> one.by() == Side.SERVER)
                .findFirst()
                .orElse(Close.CLIENT_FIN);
        boolean silent = profile.mix().stream().allMatch(one -> profile.protocolOf(one) instanceof Protocol.None);
        if (!silent || close.by() == Side.CLIENT) {
            return CloseOnAccept.NONE;
        }
        return new CloseOnAccept(close.how(), close.lingerSeconds());
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
