package io.tcplab.loadgen.inspect;

import java.util.List;

/**
 * What a check says of itself before it runs.
 *
 * @param id short and stable, as {@code C3}
 * @param title one line
 * @param observes what is observed
 * @param matters why it matters
 * @param order how this order of events shows it
 * @param sources specifications, and reports of incidents
 * @param pace when it runs
 * @param connections how many connections it opens at most
 * @param requests how many requests it sends at most
 * @param speaks what the server has to speak for it
 */
public record CheckCard(
        String id,
        String title,
        String observes,
        String matters,
        String order,
        List<String> sources,
        Pace pace,
        int connections,
        int requests,
        Speaks speaks) {

    /** When a check runs. */
    public enum Pace {
        /** One after the other, each a second or a few. */
        QUICK,
        /** Waits for a timeout of the server; all of them at the same time, where the server serves several connections. */
        PATIENT,
        /** After all others: it builds on what they found. */
        LAST
    }

    /** What the server has to speak. */
    public enum Speaks {
        ANYTHING,
        /** Requests and responses: HTTP, or what a script says. */
        REQUESTS,
        HTTP,
        TLS
    }

    /** A card of a quick check over HTTP that has only its id and its title. */
    public static CheckCard of(String id, String title) {
        return new CheckCard(id, title, "", "", "", List.of(), Pace.QUICK, 1, 1, Speaks.HTTP);
    }

    /** What is observed. */
    public CheckCard observes(String line) {
        return new CheckCard(id, title, line, matters, order, sources, pace, connections, requests, speaks);
    }

    /** Why it matters. */
    public CheckCard matters(String line) {
        return new CheckCard(id, title, observes, line, order, sources, pace, connections, requests, speaks);
    }

    /** How this order of events shows it. */
    public CheckCard order(String line) {
        return new CheckCard(id, title, observes, matters, line, sources, pace, connections, requests, speaks);
    }

    /** Where to read on. */
    public CheckCard sources(String... all) {
        return new CheckCard(id, title, observes, matters, order, List.of(all), pace, connections, requests, speaks);
    }

    /** When it runs. */
    public CheckCard pace(Pace when) {
        return new CheckCard(id, title, observes, matters, order, sources, when, connections, requests, speaks);
    }

    /** What it costs the server at most. */
    public CheckCard costs(int ofConnections, int ofRequests) {
        return new CheckCard(id, title, observes, matters, order, sources, pace, ofConnections, ofRequests, speaks);
    }

    /** What the server has to speak. */
    public CheckCard speaks(Speaks what) {
        return new CheckCard(id, title, observes, matters, order, sources, pace, connections, requests, what);
    }
}
