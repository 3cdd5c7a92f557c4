package io.tcplab.companion;

import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsIdentity;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That a companion's connections are secured by TLS, and with which certificate.
 *
 * @param certificate file with the certificate, PEM; absent = one is made at the start
 * @param key file with its key, PEM; given together with the certificate
 */
public record ServedTls(
        @Nullable String certificate, @Nullable String key) {

    /** A certificate is made at the start. */
    public static final ServedTls SELF_SIGNED = new ServedTls(null, null);

    public ServedTls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
        }
    }

    /** Reads the certificate, or makes one for the host's names; throws CompanionException where it cannot be read. */
    public TlsIdentity identity(String host) throws CompanionException {
        if (certificate == null || key == null) {
            Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
            names.add(host);
            return SelfSigned.make("tcplab companion", List.copyOf(names));
        }
        try {
            return TlsIdentity.read(Path.of(certificate), Path.of(key));
        } catch (IllegalArgumentException unusable) {
            throw new CompanionException("TLS cannot be served: " + unusable.getMessage(), unusable);
        }
    }

    /** Returns what the connections have in common; ALPN is answered where HTTP is spoken. */
    static TlsContext context(TlsIdentity identity, ServedProtocol protocol) throws CompanionException {
        try {
            return TlsContext.server(identity, protocol == ServedProtocol.HTTP ? List.of("http/1.1") : List.of());
        } catch (IllegalArgumentException unusable) {
            throw new CompanionException("TLS cannot be served: " + unusable.getMessage(), unusable);
        }
    }
}
