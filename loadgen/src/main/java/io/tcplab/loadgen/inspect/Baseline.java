package io.tcplab.loadgen.inspect;

/**
 * What the server answers to a plain GET.
 *
 * @param answer the response
 * @param keeps whether it answered a second request on the connection
 */
public record Baseline(Answer answer, boolean keeps) {

    /** Asks for it. */
    static Baseline of(Subject subject, Contact contact) {
        Answer first = contact.ask(subject.get());
        boolean keeps = first.came()
                && !first.announcesClose()
                && contact.ask(subject.get()).came();
        return new Baseline(first, keeps);
    }

    /** In words. */
    public String words() {
        String server = answer.fields().getOrDefault("server", "");
        return (server.isEmpty() ? "" : server + ", ") + "HTTP/1." + answer.minor() + " " + answer.status() + ", "
                + answer.bodyBytes() + " bytes";
    }
}
