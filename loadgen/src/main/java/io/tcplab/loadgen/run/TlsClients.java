package io.tcplab.loadgen.run;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.companion.tls.TlsTrust;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.TlsOptions;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes what the TLS of a run's connections has in common, and reads the files that the profile names. */
final class TlsClients {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    private TlsClients() {}

    /**
     * Returns it; absent where the profile has no TLS.
     *
     * @param target what the user has named; absent = a companion
     * @param own the companion's certificate (DER), which alone is trusted then; absent = somebody's server
     */
    static TlsContext.@Nullable Client of(Profile profile, @Nullable Endpoint target, byte @Nullable [] own)
            throws CannotRun {
        TlsOptions tls = profile.tls();
        if (tls == null) {
            return null;
        }
        String host = target == null ? "localhost" : target.serverName();
        String name = tls.serverName() == null ? host : tls.serverName();
        try {
            TlsContext.Client client = new TlsContext.Client(
                    ADDRESS.matcher(name).matches() ? null : name,
                    tls.alpn(),
                    trust(tls, name, own),
                    identity(tls),
                    tls.versions(),
                    tls.resume() > 0);
            TlsContext.check(client);
            return client;
        } catch (IllegalArgumentException unusable) {
            throw new CannotRun("TLS cannot be set up: " + unusable.getMessage() + ".", unusable);
        }
    }

    private static TlsTrust trust(TlsOptions tls, String name, byte @Nullable [] own) {
        if (tls.insecure()) {
            return TlsTrust.ANYONE;
        } else if (tls.ca() != null) {
            return TlsTrust.authorities(Path.of(tls.ca()), name);
        }
        return own == null ? TlsTrust.system(name) : TlsTrust.only(own);
    }

    private static @Nullable TlsIdentity identity(TlsOptions tls) {
        return tls.certificate() == null || tls.key() == null
                ? null
                : TlsIdentity.read(Path.of(tls.certificate()), Path.of(tls.key()));
    }
}
