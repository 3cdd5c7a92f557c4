package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Subject;

/** R2: the server stops with connections open. */
public final class Stop implements Check {

    @Override
    public CheckCard card() {
        return CheckCard.of("R2", "A stop with connections open")
                .pace(Pace.LAST)
                .speaks(Speaks.ANYTHING)
                .costs(0, 0)
                .observes("Whether open connections are drained or cut, by FIN or RST, when the server is stopped.")
                .matters(
                        "Each deployment stops the old instance: requests in progress are lost if they are not drained.")
                .order(
                        "The server is ended by SIGTERM in the middle of a response, and its other connections are watched.")
                .sources("Kubernetes: terminationGracePeriodSeconds", "signal(7)");
    }

    @Override
    public boolean asks(Subject subject) {
        return false;
    }

    @Override
    public Finding observe(Probe probe) {
        return Finding.notObservable(
                "a server that tcplab did not start is not stopped",
                "tcplab run PROFILE with a server of its own and actions: [{at: 5s, stop: server}].");
    }
}
