package io.tcplab.loadgen.record;

import io.tcplab.kernel.syscall.Errno;

/**
 * Why a connection ended otherwise than planned.
 *
 * @param incident what was seen
 * @param call the system call, or where we broke, or what was expected and what came; empty otherwise
 * @param errno how the call failed; OK otherwise
 * @param phase what the connection was doing
 * @param status the HTTP status; 0 otherwise
 */
public record Cause(Incident incident, String call, Errno errno, Phase phase, int status) {

    /** What is said of it in results: {@code connect: ECONNREFUSED}, {@code closedWhileIdle}, {@code status 503}. */
    public String text() {
        return switch (incident) {
            case CALL_FAILED -> ofCall(call, errno);
            case STATUS -> "status " + status + (isIdle() ? " while idle" : "");
            case BROKE -> "broke: " + call;
            case TLS_ALERT, CERTIFICATE_REFUSED, NOT_TLS, TLS_BROKEN -> incident.key() + ": " + call;
            case NOT_WHAT_WAS_ASKED, CLOSED_ON_ACCEPT, CLOSED_IN_RESPONSE, ANSWERED_IN_PART ->
                incident.key() + (call.isEmpty() ? "" : ": " + call);
            default -> incident.key();
        };
    }

    /** What is said of a call that failed so. */
    public static String ofCall(String call, Errno errno) {
        return call + ": " + errno;
    }

    /** Whether this call failed so. */
    public boolean is(String failedCall, Errno failure) {
        return errno == failure && call.equals(failedCall);
    }

    private boolean isIdle() {
        return phase == Phase.THINKING || phase == Phase.HOLDING;
    }
}
