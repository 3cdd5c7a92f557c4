package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.FastCalls;

/** Sockets of this process, however their loop waits for them. Confined to one event loop. */
public abstract sealed class SocketWires implements Wires permits EpollWires, UringWires {

    final SocketSettings settings;
    final FastCalls calls = new FastCalls();

    private int failureErrno;
    private String failedCall = "";

    SocketWires(SocketSettings settings) {
        this.settings = settings;
    }

    final FastCalls calls() {
        return calls;
    }

    /** A system call has refused a socket. */
    final void refused(String call, int errno) {
        failedCall = call;
        failureErrno = errno;
    }

    @Override
    public final boolean mayMeetItself(int target) {
        return settings.target(target).mayMeetItself();
    }

    @Override
    public final int failureErrno() {
        return failureErrno;
    }

    @Override
    public final String failedCall() {
        return failedCall;
    }
}
