package io.tcplab.loadgen.rounds.docker;

import io.tcplab.loadgen.judge.ThresholdCheck;
import io.tcplab.loadgen.judge.warning.ActionFailed;
import io.tcplab.loadgen.judge.warning.ServerEnded;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.watch.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a run in containers is known on this host alone, and the generator's result does not have: the user's server, and what was done
 * to it, which was done from here.
 */
record HostFacts(@Nullable ServerProcess server, ContainerActions actions) {

    /** The generator's result with these added, in its files as well. */
    RunResult result(Profile profile, ResultsDirectory into) throws CannotRun {
        try {
            Summary counted = SummaryJson.read(into.file(ResultsDirectory.SUMMARY));
            Summary summary = addedTo(counted, profile);
            // As it was meant, with the sysctls that the engine set, so that the run can be repeated from it.
            into.write(ResultsDirectory.PROFILE, ProfileWriter.write(profile.withSeed(summary.seed())));
            if (!summary.equals(counted)) {
                into.write(ResultsDirectory.SUMMARY, JsonText.of(summary));
                into.write(ResultsDirectory.REPORT, HtmlReport.fromDirectories(List.of(into.path())));
            }
            return new RunResult(summary, into.path());
        } catch (IOException e) {
            throw new CannotRun("The results cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private Summary addedTo(Summary summary, Profile profile) {
        Summary with = server == null ? summary : summary.with(server);
        Summary whole = with.actions().isEmpty() ? with : with.with(actions.finish(with.actions()));
        List<Verdict.Warning> warnings = new ArrayList<>();
        if (server != null) {
            ServerEnded.of(whole).forEach(each -> warnings.add(each.inWords()));
        }
        ActionFailed.of(whole).forEach(each -> warnings.add(each.inWords()));
        if (warnings.isEmpty()) {
            return whole;
        }
        warnings.addAll(whole.warnings());
        // The generator could not know of an action that failed.
        return whole.with(new Verdict(whole.valid(), warnings, ThresholdCheck.evaluate(whole, profile.thresholds())));
    }
}
