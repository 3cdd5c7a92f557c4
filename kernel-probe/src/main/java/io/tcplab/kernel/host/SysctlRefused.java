package io.tcplab.kernel.host;

import java.util.Optional;

/** A sysctl did not take the value it was given: the message says which, why, and what it holds now. */
public final class SysctlRefused extends Exception {
    private static final long serialVersionUID = 1;

    /** Why a sysctl was not set. */
    public enum Reason {
        /** The calling thread is in the network namespace of the host, which is never changed. */
        HOST_NAMESPACE("only namespaces created by this process are changed"),
        /** This kernel or this namespace has no such key; some keys exist on the host alone. */
        ABSENT("no such key in this namespace"),
        /** The key is read-only here, as in most containers, or the user may not write it. */
        DENIED("not permitted here"),
        /** The kernel does not accept such a value. */
        INVALID("the kernel does not accept this value"),
        /** The write succeeded and a different value is read back. */
        NOT_KEPT("a different value is read back");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }
    }

    private final String key;
    private final String value;
    private final Reason reason;
    private final transient Optional<String> readBack;

    SysctlRefused(String key, String value, Reason reason, Optional<String> readBack) {
        super("sysctl " + key + "=" + value + ": " + reason.sentence
                + readBack.map(now -> " (it holds " + now + ")").orElse(""));
        this.key = key;
        this.value = value;
        this.reason = reason;
        this.readBack = readBack;
    }

    /** The key as it was asked for. */
    public String key() {
        return key;
    }

    /** The value that was not taken. */
    public String value() {
        return value;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** What the key holds now, or empty if it cannot be read. */
    public Optional<String> readBack() {
        return readBack;
    }
}
