package io.tcplab.loadgen.run;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsEngine;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Socket;

/** The server's end of TLS on a blocking socket, for servers of tests that end it in ways of their own. */
final class TlsTalk {

    private static final int ROOM = 1 << 16;

    private final Socket socket;
    private final TlsEngine engine;
    private final MemorySegment wire = Arena.ofAuto().allocate(ROOM);
    private final MemorySegment plain = Arena.ofAuto().allocate(ROOM);

    /** Makes the handshake. */
    TlsTalk(Socket socket, TlsContext context) throws IOException {
        this(socket, context, new byte[0]);
    }

    /** Makes the handshake, and sends the greeting in one piece with the end of it. */
    TlsTalk(Socket socket, TlsContext context, byte[] greeting) throws IOException {
        this(socket, context, greeting, false);
    }

    /** Makes the handshake, and sends close_notify in one piece with the end of it. */
    static TlsTalk thatEnds(Socket socket, TlsContext context) throws IOException {
        return new TlsTalk(socket, context, new byte[0], true);
    }

    private TlsTalk(Socket socket, TlsContext context, byte[] greeting, boolean ends) throws IOException {
        this.socket = socket;
        this.engine = context.open(false);
        while (engine.handshake() == TlsEngine.MORE) {
            flush(socket.getOutputStream());
            feed();
        }
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        flush(last);
        if (greeting.length > 0) {
            write(greeting, last);
        }
        if (ends) {
            engine.closeNotify();
            flush(last);
        }
        socket.getOutputStream().write(last.toByteArray());
    }

    private void feed() throws IOException {
        byte[] bytes = new byte[ROOM];
        int read = socket.getInputStream().read(bytes);
        if (read < 0) {
            throw new EOFException("the client has closed");
        }
        MemorySegment.copy(bytes, 0, wire, ValueLayout.JAVA_BYTE, 0, read);
        engine.feed(wire.address(), read);
    }

    private void flush(OutputStream to) throws IOException {
        int length;
        MemorySegment out = Arena.ofAuto().allocate(ROOM);
        while ((length = engine.drain(out.address(), ROOM)) > 0) {
            to.write(out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Returns what comes next. */
    byte[] read() throws IOException {
        int length;
        while ((length = engine.read(plain.address(), ROOM)) == TlsEngine.MORE) {
            feed();
        }
        return plain.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, socket.getOutputStream());
    }

    private void write(byte[] bytes, OutputStream to) throws IOException {
        MemorySegment.copy(bytes, 0, plain, ValueLayout.JAVA_BYTE, 0, bytes.length);
        int ignored = engine.write(plain.address(), bytes.length, wire.address(), ROOM);
        to.write(wire.asSlice(0, engine.written()).toArray(ValueLayout.JAVA_BYTE));
    }

    void closeNotify() throws IOException {
        engine.closeNotify();
        flush(socket.getOutputStream());
    }
}
