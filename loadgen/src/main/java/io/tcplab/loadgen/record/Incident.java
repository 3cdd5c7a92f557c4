package io.tcplab.loadgen.record;

/** What was seen to go wrong, or to end otherwise than planned, on one connection. */
public enum Incident {
    /** A system call failed; its name and errno stand beside it. */
    CALL_FAILED("callFailed", "a system call failed"),
    /** No handshake came about before the connect timeout. */
    NEVER_ESTABLISHED("neverEstablished", "no answer to the SYN within the connect timeout"),
    /** TLS: the peer sent a fatal alert; its name stands beside it. */
    TLS_ALERT("tlsAlert", "the peer ended TLS with an alert"),
    /** TLS: we refused the peer's certificate; why stands beside it. */
    CERTIFICATE_REFUSED("certificateRefused", "the peer's certificate was refused"),
    /** The peer answered the ClientHello with something that is no TLS; its beginning stands beside it. */
    NOT_TLS("notTls", "the peer does not speak TLS"),
    /** TLS: the peer's bytes break the protocol, or nothing in common was found; what was wrong stands beside it. */
    TLS_BROKEN("tlsBroken", "the peer broke the TLS protocol"),
    /** The peer's FIN came in the handshake of TLS. */
    CLOSED_IN_TLS_HANDSHAKE("closedInTlsHandshake", "the peer closed in the TLS handshake"),
    /** The peer's RST came in the handshake of TLS. */
    RESET_IN_TLS_HANDSHAKE("resetInTlsHandshake", "the peer reset in the TLS handshake"),
    /** The handshake of TLS was not complete within the connect timeout. */
    TLS_NOT_ESTABLISHED("tlsNotEstablished", "the TLS handshake was not complete within the connect timeout"),
    /** The peer's FIN came without close_notify: what it sent may have been cut off (RFC 8446 §6.1). */
    NO_CLOSE_NOTIFY("noCloseNotify", "the peer closed without close_notify"),
    /** Close timeout: the peer did not answer our close_notify with its own. */
    CLOSE_NOTIFY_NOT_ANSWERED(
            "closeNotifyNotAnswered", "the peer did not answer close_notify within the close timeout"),
    /** The peer's FIN came between two requests. */
    CLOSED_WHILE_IDLE("closedWhileIdle", "the peer closed while no request was in progress"),
    /** The peer's RST came between two requests. */
    RESET_WHILE_IDLE("resetWhileIdle", "the peer reset while no request was in progress"),
    /** A request was written after a pause, and met the peer's close on its way: it was not taken, or answered by RST. */
    LOST_TO_IDLE_CLOSE("lostToIdleClose", "a request met the peer's close of an idle connection"),
    /** The peer's FIN came right after the handshake, before a request or before it had taken any of the first one. */
    CLOSED_ON_ACCEPT("closedOnAccept", "the peer closed right after the handshake, before it took a request"),
    /** The peer's RST came right after the handshake, before a request. */
    RESET_ON_ACCEPT("resetOnAccept", "the peer reset right after the handshake, before a request was sent"),
    /** A request that followed the response before it met the peer's close, of which it has acknowledged nothing. */
    LOST_TO_CLOSE("lostToClose", "a request met the peer's close, which it had not announced with the response before"),
    /** The peer's FIN came with the response before the last one, or within 10 ms of it, unannounced. */
    CLOSED_AFTER_RESPONSE("closedAfterResponse", "the peer closed after a response without announcing it"),
    /** The peer acknowledged a request and closed without a byte of response. */
    CLOSED_WITHOUT_RESPONSE("closedWithoutResponse", "the peer took a request and closed without a response"),
    /** The peer closed after our FIN, which ended the request, without a byte of response. */
    CLOSED_AFTER_HALF_CLOSE(
            "closedAfterHalfClose", "the peer closed without a response after our half-close (FIN behind the request)"),
    /** The peer's RST came after our FIN, which ended the request, and before the response. */
    RESET_AFTER_HALF_CLOSE(
            "resetAfterHalfClose", "the peer reset without a response after our half-close (FIN behind the request)"),
    /** The peer's FIN came in the middle of a response. */
    CLOSED_IN_RESPONSE("closedInResponse", "the peer closed in the middle of a response"),
    /** The peer's RST came while the request was being sent, and no whole response before it. */
    RESET_WHILE_SENDING(
            "resetWhileSending",
            "the peer reset while the request was being sent; the response, if it sent one, is lost"),
    /** The peer's RST came before the first byte of a response. */
    RESET_BEFORE_RESPONSE("resetBeforeResponse", "the peer reset before it answered"),
    /** The peer's RST came in the middle of a response. */
    RESET_IN_RESPONSE("resetInResponse", "the peer reset in the middle of a response"),
    /** The peer's RST came when all responses were complete. */
    RESET_AFTER_RESPONSE("resetAfterResponse", "the peer reset after the last response was complete"),
    /** The peer said with a response that it would close, and did; a normal end. */
    ANNOUNCED("announced", "the peer announced its close with a response"),
    /** An HTTP status that is not expected; the number stands beside it. */
    STATUS("status", "the response's status is not an expected one"),
    /** The response's body does not have what is expected in it. */
    BODY_NOT_AS_EXPECTED("bodyNotAsExpected", "the response's body does not contain what is expected"),
    /** What came is not a response of the profile's protocol, or not the one asked for. */
    NOT_WHAT_WAS_ASKED("notWhatWasAsked", "the response does not match the request"),
    /** Exchange timeout: the peer has not acknowledged the request. */
    NOT_ACKNOWLEDGED("notAcknowledged", "the request was not acknowledged within the exchange timeout"),
    /** Exchange timeout: the peer's receive window is closed. */
    ZERO_WINDOW("zeroWindow", "the peer's receive window was closed at the exchange timeout"),
    /** Exchange timeout: the request went only as fast as the peer's receive window let it. */
    READ_SLOWLY("readSlowly", "the peer read the request too slowly for the exchange timeout"),
    /** Exchange timeout: the peer's kernel has the request, and no byte of the response has come. */
    NOT_ANSWERED("notAnswered", "the request was acknowledged and not answered within the exchange timeout"),
    /** Exchange timeout: a part of the response has come. */
    ANSWERED_IN_PART("answeredInPart", "the response was not complete within the exchange timeout"),
    /** Close timeout: our FIN was not acknowledged. */
    FIN_NOT_ACKNOWLEDGED("finNotAcknowledged", "our FIN was not acknowledged within the close timeout"),
    /** Close timeout: the peer acknowledged our FIN and did not close. */
    FIN_NOT_ANSWERED("finNotAnswered", "the peer acknowledged our FIN and did not close within the close timeout"),
    /** Close timeout: the peer was to close first and did not. */
    SERVER_DID_NOT_CLOSE("serverDidNotClose", "the peer should have closed first and did not within the close timeout"),
    /** The socket had itself as its peer. */
    CONNECTED_TO_ITSELF("connectedToItself", "the socket connected to itself: local and peer address are the same"),
    /** An exception of our own; the run's result cannot be trusted. */
    BROKE("broke", "tcplab itself failed on this connection");

    private final String key;
    private final String sentence;

    Incident(String key, String sentence) {
        this.key = key;
        this.sentence = sentence;
    }

    /** That of a cause as results name it, {@link Cause#text}. */
    public static Incident ofText(String text) {
        if (text.endsWith(" while idle")) {
            return CLOSED_WHILE_IDLE; // a server that says 408 first
        }
        String first = text.split("[: ]", 2)[0];
        for (Incident incident : values()) {
            if (incident.key.equals(first)) {
                return incident;
            }
        }
        return CALL_FAILED;
    }

    /** The name in {@code summary.json}. */
    public String key() {
        return key;
    }

    /** What it means, in a few words. */
    public String sentence() {
        return sentence;
    }
}
