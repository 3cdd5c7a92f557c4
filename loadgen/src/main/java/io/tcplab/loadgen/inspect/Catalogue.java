package io.tcplab.loadgen.inspect;

import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.check.ClientFin;
import io.tcplab.loadgen.inspect.check.ClosesAfterLastResponse;
import io.tcplab.loadgen.inspect.check.Greeting;
import io.tcplab.loadgen.inspect.check.HalfCloseAfterRequest;
import io.tcplab.loadgen.inspect.check.NegotiatedOptions;
import io.tcplab.loadgen.inspect.check.ServesSeveralAtOnce;
import io.tcplab.loadgen.run.BadUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** All checks, in the order in which they are shown. */
public final class Catalogue {

    private static final List<Check> ALL = List.of(
            new NegotiatedOptions(),
            new Greeting(),
            new ServesSeveralAtOnce(),
            new ClosesAfterLastResponse(),
            new ClientFin(),
            new HalfCloseAfterRequest());

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
        return ALL.stream().filter(chosen::contains).toList();
    }

    /** Those of {@code checks} that a server which speaks this can be asked. */
    static List<Check> askable(List<Check> checks, Subject subject) {
        return checks.stream()
                .filter(each -> switch (each.card().speaks()) {
                    case ANYTHING -> true;
                    case HTTP -> subject.http();
                    case TLS -> false;
                })
                .toList();
    }

    /** Whether any of them asks over HTTP. */
    static boolean anyHttp(List<Check> checks) {
        return checks.stream().anyMatch(each -> each.card().speaks() == Speaks.HTTP);
    }
}
