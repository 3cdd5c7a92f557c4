package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.AcceptSettings;
import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

/** A companion that serves TLS in the test's own process, and loads on it. */
final class TlsCompanion implements AutoCloseable {

    private final Companion companion;

    TlsCompanion(ServedProtocol protocol, CloseOnAccept closeOnAccept) throws CompanionException {
        companion = Companion.start(new CompanionSettings(
                "127.0.0.1", 0, AcceptSettings.DEFAULTS, protocol, closeOnAccept, ServedTls.SELF_SIGNED, 0));
    }

    InetSocketAddress address() {
        return companion.address();
    }

    /** Runs a load that trusts this companion alone. */
    Measurement load(Profile profile) throws CannotRun {
        return load(profile, address(), certificate());
    }

    byte[] certificate() {
        return SelfSigned.certificate(Objects.requireNonNull(companion.certificatePem()));
    }

    /** Runs a load and sees to it that its books balance. */
    static Measurement load(Profile profile, InetSocketAddress target, byte[] trusted) throws CannotRun {
        LoadRun run = new LoadRun(profile, target, TlsClients.of(profile, null, trusted), 1, LoopCpus.ANY);
        Measurement measured = run.execute(_ -> {});
        LedgerReading total = measured.total();
        assertThat(total.started())
                .as("the books balance: %s", measured.causes())
                .isEqualTo(total.ended());
        return measured;
    }

    /** What the companion has counted when all connections have ended. */
    CompanionCounts counts() {
        assertThat(companion.finish(Duration.ofSeconds(10))).isTrue();
        return companion.counts();
    }

    @Override
    public void close() {
        companion.close();
    }
}
