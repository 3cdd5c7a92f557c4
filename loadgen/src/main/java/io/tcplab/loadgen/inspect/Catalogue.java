package io.tcplab.loadgen.inspect;

import io.tcplab.loadgen.inspect.check.AcceptQueue;
import io.tcplab.loadgen.inspect.check.AmbiguousRequests;
import io.tcplab.loadgen.inspect.check.ClientFin;
import io.tcplab.loadgen.inspect.check.ClientReset;
import io.tcplab.loadgen.inspect.check.CloseNotify;
import io.tcplab.loadgen.inspect.check.ClosesAfterLastResponse;
import io.tcplab.loadgen.inspect.check.ConnectionHeaderObeyed;
import io.tcplab.loadgen.inspect.check.DelayedBody;
import io.tcplab.loadgen.inspect.check.ExpectContinue;
import io.tcplab.loadgen.inspect.check.Garbage;
import io.tcplab.loadgen.inspect.check.Greeting;
import io.tcplab.loadgen.inspect.check.HalfCloseAfterRequest;
import io.tcplab.loadgen.inspect.check.IdleTimeout;
import io.tcplab.loadgen.inspect.check.KeepaliveRace;
import io.tcplab.loadgen.inspect.check.NegotiatedOptions;
import io.tcplab.loadgen.inspect.check.PipelinedRequests;
import io.tcplab.loadgen.inspect.check.Reload;
import io.tcplab.loadgen.inspect.check.RequestsPerConnection;
import io.tcplab.loadgen.inspect.check.SameFourTupleAgain;
import io.tcplab.loadgen.inspect.check.ServesSeveralAtOnce;
import io.tcplab.loadgen.inspect.check.SilentConnection;
import io.tcplab.loadgen.inspect.check.SlowReader;
import io.tcplab.loadgen.inspect.check.SlowRequest;
import io.tcplab.loadgen.inspect.check.Stop;
import io.tcplab.loadgen.inspect.check.TlsVersions;
import io.tcplab.loadgen.inspect.check.UnfinishedTlsHandshake;
import io.tcplab.loadgen.inspect.check.UnreadRequestBody;
import io.tcplab.loadgen.inspect.check.UnreadResponse;
import io.tcplab.loadgen.inspect.check.VanishedClient;
import io.tcplab.loadgen.run.BadUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All checks, in the order in which they are shown. */
public final class Catalogue {

    private static final List<Check> ALL = List.of(
            new NegotiatedOptions(),
            new Greeting(),
            new ServesSeveralAtOnce(),
            new SilentConnection(),
            new VanishedClient(),
            new AcceptQueue(),
            new ClosesAfterLastResponse(),
            new ClientFin(),
            new HalfCloseAfterRequest(),
            new ClientReset(),
            new UnreadRequestBody(),
            new UnreadResponse(),
            new SameFourTupleAgain(),
            new IdleTimeout(),
            new KeepaliveRace(),
            new RequestsPerConnection(),
            new ConnectionHeaderObeyed(),
            new SlowRequest(),
            new SlowReader(),
            new PipelinedRequests(),
            new Garbage(),
            new ExpectContinue(),
            new AmbiguousRequests(),
            new DelayedBody(),
            new TlsVersions(),
            new CloseNotify(),
            new UnfinishedTlsHandshake(),
            new Reload(),
            new Stop());

    /** Checks that aim at what another one found: it runs with them. */
    private static final Map<String, String> BUILDS_ON = Map.of("I2", "I1");

    private Catalogue() {}

    /** Every check. */
    public static List<Check> all() {
        return ALL;
    }

    /** Those with these ids, or all where none is named; throws BadUsage for an id that is none. */
    static List<Check> chosen(List<String> ids) {
        if (ids.isEmpty()) {
            return ALL;
        }
        List<Check> chosen = new ArrayList<>();
        for (String id : ids) {
            chosen.add(ALL.stream()
                    .filter(each -> each.card().id().equalsIgnoreCase(id.strip()))
                    .findFirst()
                    .orElseThrow(() -> new BadUsage("There is no check " + id + "; there are "
                            + ALL.stream().map(each -> each.card().id()).collect(Collectors.joining(", ")) + ".")));
        }
        return ALL.stream()
                .filter(each -> chosen.contains(each)
                        || chosen.stream()
                                .anyMatch(one -> each.card()
                                        .id()
                                        .equals(BUILDS_ON.get(one.card().id()))))
                .toList();
    }

    /** Those of {@code checks} that a server which speaks this can be asked. */
    static List<Check> askable(List<Check> checks, Subject subject) {
        return checks.stream()
                .filter(each -> switch (each.card().speaks()) {
                    case ANYTHING -> true;
                    case REQUESTS -> subject.answers();
                    case HTTP -> subject.http();
                    case TLS -> subject.tls() != null;
                })
                .toList();
    }
}
