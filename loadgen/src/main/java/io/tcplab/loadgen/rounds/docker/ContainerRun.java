package io.tcplab.loadgen.rounds.docker;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.EndableRun;
import io.tcplab.loadgen.run.RunDirectory;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.RunResult;

/** A single run in containers: an interruption ends the load, and the partial result is kept. */
public final class ContainerRun implements EndableRun {

    private final ContainerPlace place;
    private final RunRequest request;

    public ContainerRun(ContainerPlace place, RunRequest request) {
        this.place = place;
        this.request = request;
    }

    @Override
    public RunResult run() throws CannotRun {
        ResultsDirectory directory = RunDirectory.of(
                request.out(), request.resultsRoot(), request.profile().name());
        RunResult result = place.run(request.profile(), request.isolation(), directory.path());
        RunDirectory.release(directory.path());
        return result;
    }

    @Override
    public void interrupt() {
        place.endLoad();
    }
}
