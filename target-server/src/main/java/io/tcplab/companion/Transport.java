package io.tcplab.companion;

/** The readiness mechanism that serves connections. */
public enum Transport {
    /** epoll where its native library is available, otherwise NIO. */
    AUTO,
    EPOLL,
    NIO
}
