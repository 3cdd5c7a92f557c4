package io.tcplab.companion.tls;

import org.jspecify.annotations.Nullable;

/**
 * The TLS of one connection, without a socket. What the peer sends is given by {@link #feed}, and taken in by the calls of
 * {@link #handshake} or {@link #read} that follow until one says {@link #MORE}; what is to be sent is taken by {@link #drain}, which
 * has to be asked after each step. Memory is given by its address. Confined to one thread.
 */
public interface TlsEngine {

    /** The handshake is complete. */
    int DONE = 0;

    /** More of the peer's bytes are needed. */
    int MORE = -1;

    /** The peer has sent close_notify: nothing more comes from it (RFC 8446 §6.1). */
    int ENDED = -2;

    /** TLS has failed: {@link #failure} says how. An alert may be left to be sent. */
    int FAILED = -3;

    /** What is to be sent has no more room: drain, and call again. */
    int FULL = -4;

    /** Gives bytes of the peer; the memory must keep them until a step has said {@link #MORE}. */
    void feed(long address, int length);

    /** Returns how many of the bytes that were given have not been taken in. */
    int unread();

    /** Goes on with the handshake. Returns {@link #DONE}, {@link #MORE}, {@link #FULL} or {@link #FAILED}. */
    int handshake();

    /** Decrypts: returns the number of bytes, or {@link #MORE}, {@link #FULL}, {@link #ENDED} or {@link #FAILED}. */
    int read(long address, int capacity);

    /**
     * Encrypts up to {@link #RECORD_BYTES}; everything must have been drained before. Returns how many bytes were taken, 0 = none now,
     * or {@link #FAILED}; {@link #written} says how much is to be sent.
     */
    int write(long address, int length, long to, int capacity);

    /** The most that one {@link #write} takes, and the room that it may need on top (RFC 8446 §5.2). */
    int RECORD_BYTES = 1 << 14;

    int RECORD_OVERHEAD = 512;

    /** Returns how many bytes the last {@link #write} has made. */
    int written();

    /** Ends our side: close_notify is left to be drained. Once. */
    void closeNotify();

    /** Takes bytes that are to be sent; returns how many, 0 = none are left. */
    int drain(long address, int capacity);

    /** Returns how TLS has failed. */
    TlsFailure failure();

    /** Whether the handshake has resumed a session, as the session itself says. */
    boolean resumed();

    /** {@code TLSv1.3}. */
    String version();

    /** The cipher suite. */
    String cipher();

    /** The protocol that was agreed on by ALPN (RFC 7301). */
    @Nullable
    String alpn();

    /** Gives everything back; no call may follow. */
    void release();
}
