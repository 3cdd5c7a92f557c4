package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a server used, in words. */
public final class ServerText {

    private static final double MIB = 1024 * 1024;

    private ServerText() {}

    /** In one line. */
    static String cost(ServerProcess server) {
        ServerProcess.Program program = server.process();
        String cpu = InWords.seconds(server.cpuSeconds()) + " CPU";
        if (program == null) {
            return "companion " + cpu;
        }
        StringBuilder line = new StringBuilder("server ").append(cpu);
        figures(program)
                .forEach((name, value) ->
                        line.append(", ").append(value).append(' ').append(name));
        return line.append(" at most").toString();
    }

    /** Each figure by what it is of. */
    public static Map<String, String> figures(ServerProcess.Program program) {
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put(program.peakProcesses() == 1 ? "process" : "processes", InWords.count(program.peakProcesses()));
        figures.put("threads", InWords.count(program.peakThreads()));
        figures.put("MiB resident", InWords.plain(Math.round(program.peakResidentBytes() / MIB)));
        if (program.peakDescriptors() != null) {
            figures.put(
                    "descriptors",
                    InWords.count(program.peakDescriptors())
                            + (program.descriptorLimit() == null
                                    ? ""
                                    : " of " + InWords.count(program.descriptorLimit())));
        }
        return figures;
    }
}
