package io.tcplab.loadgen.connection;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/** Finds the errno behind an exception of a channel: the JDK keeps only strerror(3)'s text. */
final class NioErrno {

    private NioErrno() {}

    /** Returns the positive errno, {@link Errno#EIO} when the text says nothing. */
    static int of(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("refused")) {
            return Errno.ECONNREFUSED;
        } else if (text.contains("timed out")) {
            return Errno.ETIMEDOUT;
        } else if (text.contains("cannot assign requested address")) {
            return Errno.EADDRNOTAVAIL;
        } else if (text.contains("already in use")) {
            return Errno.EADDRINUSE;
        } else if (text.contains("too many open files")) {
            return Errno.EMFILE;
        } else if (text.contains("reset")) {
            return Errno.ECONNRESET;
        } else if (text.contains("broken pipe") || e instanceof ClosedChannelException) {
            return Errno.EPIPE;
        } else if (text.contains("unreachable") || e instanceof NoRouteToHostException) {
            return Errno.ENETUNREACH;
        } else if (text.contains("permission denied")) {
            return Errno.EACCES;
        }
        return e instanceof ConnectException ? Errno.ECONNREFUSED : Errno.EIO;
    }
}
