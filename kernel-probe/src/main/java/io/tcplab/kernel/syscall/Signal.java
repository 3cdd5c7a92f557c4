package io.tcplab.kernel.syscall;

/** The signals that a server may be sent, with their numbers on x86_64 and aarch64 (signal(7)). */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    USR1(10),
    USR2(12),
    TERM(15),
    CONT(18),
    STOP(19),
    WINCH(28);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** Its name with the prefix: {@code SIGTERM}. */
    public String fullName() {
        return "SIG" + name();
    }

    /** Sends it to a process, as kill(2). */
    public Errno send(long pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("no single process of ours has the id " + pid);
        }
        return Errno.ofResult(Syscalls.kill(pid, number));
    }
}
