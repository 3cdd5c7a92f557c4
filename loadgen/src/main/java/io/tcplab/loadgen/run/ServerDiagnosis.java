package io.tcplab.loadgen.run;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.judge.warning.Kernels;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.Doctor;
import io.tcplab.loadgen.watch.OwnAddresses;
import io.tcplab.loadgen.watch.PortRecorder;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.Whereabouts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Judges a server by what an observer saw of its port, by the rules and in the words of a run's warnings. */
public final class ServerDiagnosis {

    private ServerDiagnosis() {}

    /** The object of {@code observe --json}: what was seen, and what it gives cause for. */
    record Observed(@JsonUnwrapped PortRecorder.Result result, List<Verdict.Warning> warnings) {}

    /** The same of several ports: such an object for each, in the order in which they were asked for. */
    record SeveralObserved(List<Observed> ports) {}

    /** {@code side}: what is set in the namespace that was observed. */
    static Object of(List<PortRecorder> recorders, SideSettings side) {
        List<Observed> all = recorders.stream().map(each -> of(each, side)).toList();
        return all.size() == 1 ? all.getFirst() : new SeveralObserved(all);
    }

    static Observed of(PortRecorder recorder, SideSettings side) {
        return new Observed(
                recorder.result(),
                warnings(recorder, side).stream().map(RunWarning::inWords).toList());
    }

    /** The same for a person, below what was seen. The counters are those of the namespace: once, whatever the number of ports. */
    static String text(List<PortRecorder> recorders, SideSettings side) {
        StringBuilder text = new StringBuilder();
        for (PortRecorder each : recorders) {
            if (recorders.size() > 1) {
                text.append("port ").append(each.result().port()).append('\n');
            }
            text.append(each.portText());
        }
        text.append(recorders.getFirst().namespaceText());
        for (PortRecorder each : recorders) {
            for (RunWarning warning : warnings(each, side)) {
                text.append("! ")
                        .append(warning.code())
                        .append(": ")
                        .append(recorders.size() > 1 ? "port " + each.result().port() + ": " : "")
                        .append(warning.message())
                        .append('\n');
                text.append("  → ").append(warning.advice()).append('\n');
            }
        }
        return text.toString();
    }

    /** What two looks at a target on this host give cause for, each as a check that failed; nothing of a target elsewhere. */
    public static List<Doctor.Check> checks(Endpoint target) {
        InetAddress address;
        try {
            address = OwnAddresses.reachedBy(target.resolve().getAddress());
        } catch (UnknownHostException _) {
            return List.of(); // the check of the listeners says so
        }
        if (!Whereabouts.isHere(new InetSocketAddress(address, target.port()))) {
            return List.of();
        }
        PortRecorder recorder = new PortRecorder(target.port(), System.nanoTime());
        try (Observer observer =
                Observer.start(Observer.Settings.of(target.port()).forTarget(address), recorder::add)) {
            var _ = observer.finish();
        }
        return warnings(recorder, SideSettings.here()).stream()
                .map(ServerDiagnosis::check)
                .toList();
    }

    private static Doctor.Check check(RunWarning warning) {
        Map<String, Object> figures = new LinkedHashMap<>();
        warning.evidence().forEach((name, value) -> {
            if (value != null) {
                figures.put(name, value);
            }
        });
        return new Doctor.Check(warning.code(), false, figures, warning.message() + ": " + warning.advice());
    }

    private static List<RunWarning> warnings(PortRecorder recorder, SideSettings side) {
        return Warnings.in(Kernels.observed(recorder.figures(), side));
    }
}
