package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.loadgen.result.Exchanges;
import java.util.List;

/** The server closed connections as it had announced, before the plan's exchanges were over. */
public record ExchangesNotBegun(long notBegun, long answered) implements RunWarning {

    static final ExchangesNotBegun EXAMPLE = new ExchangesNotBegun(50, 30);

    static List<RunWarning> in(Facts facts) {
        Exchanges exchanges = facts.summary().exchanges();
        return exchanges.notBegun() == 0
                ? List.of()
                : List.of(new ExchangesNotBegun(exchanges.notBegun(), exchanges.answered()));
    }

    @Override
    public String when() {
        return "the server closed connections as announced, with planned exchanges left";
    }

    @Override
    public String message() {
        return "the server announced the close of connections (Connection: close, HTTP/1.0 or Keep-Alive) before their exchanges were"
                + " over: " + count(answered) + " were answered, " + count(notBegun) + " were never begun";
    }

    @Override
    public String advice() {
        return "set reconnect: true in the mix member, plan fewer exchanges, or raise the server's limit"
                + " (nginx: keepalive_requests; Apache: MaxKeepAliveRequests)";
    }
}
