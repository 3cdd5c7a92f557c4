package io.tcplab.loadgen.rounds.docker;

import io.tcplab.companion.ServedTls;
import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.TlsOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a cell's companion: made here, shown by the one container and trusted by the other, so that the connections are
 * verified as those of a companion on this host are.
 *
 * @param name what the generator asks for, and the certificate is made for
 */
record CellCertificate(TlsIdentity identity, String name) {

    private static final String CERTIFICATE = "/tmp/companion.pem";
    private static final String KEY = "/tmp/companion-key.pem";

    /** Returns a new one; absent where the profile has no TLS, or says itself what is trusted. */
    static @Nullable CellCertificate of(Profile profile) {
        TlsOptions tls = profile.tls();
        if (tls == null || tls.insecure() || tls.ca() != null) {
            return null;
        }
        String name = tls.serverName() == null ? "localhost" : tls.serverName();
        return new CellCertificate(SelfSigned.make("tcplab companion", List.of(name)), name);
    }

    /** Puts it where the companion reads it; returns what the companion is told. */
    ServedTls shownBy(CellContainer target) {
        target.with(CERTIFICATE, identity.certificatePem()).with(KEY, identity.keyPem());
        return new ServedTls(CERTIFICATE, KEY);
    }

    /** Puts it where the generator reads it; returns the generator's arguments. */
    List<String> trustedBy(CellContainer generator) {
        generator.with(CERTIFICATE, identity.certificatePem());
        return List.of("--set", "tls.ca=" + CERTIFICATE, "--set", "tls.serverName=" + name);
    }
}
