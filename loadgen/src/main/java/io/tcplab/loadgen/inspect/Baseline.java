package io.tcplab.loadgen.inspect;

/**
 * What the server answers to a plain GET.
 *
 * @param answer the response
 * @param keeps whether it answered a second request on the connection
 * @param tookNanos how long the faster one of the two responses took: the first may have had to wake something
 */
public record Baseline(Answer answer, boolean keeps, long tookNanos) {

    /** Asks for it. */
    static Baseline of(Subject subject, Contact contact) {
        Answer first = contact.ask(subject.get());
        if (!first.came() || first.ends()) {
            return new Baseline(first, false, took(first));
        }
        Answer second = contact.ask(subject.get());
        return second.came()
                ? new Baseline(first, true, Math.min(took(first), took(second)))
                : new Baseline(first, false, took(first));
    }

    private static long took(Answer answer) {
        return Math.max(0, answer.lastNanos() - answer.askedNanos());
    }

    /** In words. */
    public String words() {
        String server = answer.fields().getOrDefault("server", "");
        return (server.isEmpty() ? "" : server + ", ") + "HTTP/1." + answer.minor() + " " + answer.status() + ", "
                + answer.bodyBytes() + " bytes";
    }
}
