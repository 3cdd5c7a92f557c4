package io.tcplab.loadgen.run;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.host.Limits;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.loadgen.report.Residue;
import java.nio.file.Path;
import java.util.Set;

/** Looks at what earlier work has left, before a measurement. */
public final class Residues {

    private static final Path LOAD = Path.of("/proc/loadavg");

    private Residues() {}

    /** Looks from the calling thread's namespace; {@code port} = the target's, 0 = none is known yet. */
    public static Residue read(int port, int sources) {
        long toTarget = 0;
        if (port > 0) {
            try (SockDiag diag = SockDiag.open()) {
                toTarget = diag.portCounts(port, Set.of(TcpState.TIME_WAIT))
                        .client()
                        .count(TcpState.TIME_WAIT);
            }
        }
        long tuples = (long) Limits.read().ephemeralPorts().orElse(0) * Math.max(1, sources);
        return new Residue(
                SocketStat.read().timeWait(),
                toTarget,
                tuples == 0 ? 0 : (double) toTarget / tuples,
                load(),
                Runtime.getRuntime().availableProcessors());
    }

    private static double load() {
        String text = ProcFile.readIfPresent(LOAD).orElse("0 ");
        return Double.parseDouble(text.substring(0, text.indexOf(' ')));
    }
}
