package io.tcplab.loadgen.run;

import io.netty.util.Version;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.kernel.host.HostFacts;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.watch.SideSettings;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Gathers {@code environment.json}. */
public final class Environments {

    /** System property with the isolation that somebody else has made around this process: a container of a tuning. */
    static final String MADE_AROUND_US = "tcplab.isolation";

    private Environments() {}

    /** The environment of a run whose generator's namespace is the calling thread's. */
    static Environment of(
            TransportChoice transport, Isolation isolation, boolean secured, @Nullable SideSettings server) {
        HostFacts host = HostFacts.read();
        String version = Environments.class.getPackage().getImplementationVersion();
        return new Environment(
                version == null ? "not packaged" : version,
                host.kernelRelease(),
                host.cpuModel().orElse(System.getProperty("os.arch", "unknown")),
                host.cpus(),
                System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"),
                netty(),
                transport.transport().spelling(),
                transport.reason(),
                secured ? TlsContext.engine() : null,
                isolation == Isolation.NONE
                        ? System.getProperty(MADE_AROUND_US, "none")
                        : isolation.name().toLowerCase(Locale.ROOT),
                SideSettings.here(),
                server,
                List.of());
    }

    private static String netty() {
        Version version = Version.identify().get("netty-transport");
        return version == null ? "unknown" : version.artifactVersion();
    }
}
