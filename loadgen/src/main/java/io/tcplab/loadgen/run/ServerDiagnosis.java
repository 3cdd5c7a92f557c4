package io.tcplab.loadgen.run;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.judge.warning.Kernels;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.Doctor;
import io.tcplab.loadgen.watch.PortRecorder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Judges a server by what an observer saw of its port, by the rules and in the words of a run's warnings. */
public final class ServerDiagnosis {

    private ServerDiagnosis() {}

    /** The object of {@code observe --json}: what was seen, and what it gives cause for. */
    record Observed(@JsonUnwrapped PortRecorder.Result result, List<Summary.Warning> warnings) {}

    static Observed of(PortRecorder recorder) {
        return new Observed(
                recorder.result(),
                warnings(recorder).stream().map(RunWarning::inWords).toList());
    }

    /** The same for a person, below what was seen. */
    static String text(PortRecorder recorder) {
        StringBuilder text = new StringBuilder(recorder.text());
        for (RunWarning warning : warnings(recorder)) {
            text.append("! ")
                    .append(warning.code())
                    .append(": ")
                    .append(warning.message())
                    .append('\n');
            text.append("  → ").append(warning.advice()).append('\n');
        }
        return text.toString();
    }

    /** What two looks at a target on this host give cause for, each as a check that failed; nothing of a target elsewhere. */
    public static List<Doctor.Check> checks(Endpoint target) {
        InetAddress address;
        try {
            address = target.resolve().getAddress();
        } catch (UnknownHostException _) {
            return List.of(); // the check of the listeners says so
        }
        if (!address.isLoopbackAddress()) {
            return List.of();
        }
        PortRecorder recorder = new PortRecorder(target.port(), System.nanoTime());
        try (Observer observer =
                Observer.start(Observer.Settings.of(target.port()).forTarget(address), recorder::add)) {
            var _ = observer.finish();
        }
        return warnings(recorder).stream().map(ServerDiagnosis::check).toList();
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

    private static List<RunWarning> warnings(PortRecorder recorder) {
        return Warnings.in(Kernels.observed(recorder.figures()));
    }
}
