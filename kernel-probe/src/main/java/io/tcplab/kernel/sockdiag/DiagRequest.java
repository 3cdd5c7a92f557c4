package io.tcplab.kernel.sockdiag;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A request to dump TCP sockets, as bytes.
 *
 * <p>The older form of it, TCPDIAG_GETSOCK, walks the table once for both address families; the newer one,
 * SOCK_DIAG_BY_FAMILY, once for each ({@code inet_diag_dump_compat} in {@code net/ipv4/inet_diag.c}).
 *
 * @param family AF_INET, AF_INET6, or {@link #BOTH}
 * @param filter the program that the kernel runs on each socket
 * @param stateMask one bit a state
 * @param extensions one bit for each attribute wanted
 */
record DiagRequest(int family, SocketFilter filter, int stateMask, int extensions) {
    static final int BOTH = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** Ask for tcp_info (INET_DIAG_INFO). */
    static final int WITH_INFO = 1 << 1;

    /** Ask for the socket's memory figures and drops (INET_DIAG_SKMEMINFO). */
    static final int WITH_DROPS = 1 << 6;

    private static final int TCPDIAG_GETSOCK = 18;
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int REQUEST_DUMP = 0x301;
    private static final int BYTECODE = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int SOCKET_ID = 48;

    DiagRequest withFamily(int other) {
        return new DiagRequest(other, filter, stateMask, extensions);
    }

    byte[] encode(int sequence) {
        byte[] program = filter.program();
        int body = family == BOTH ? 60 : 56;
        int attribute = program.length == 0 ? 0 : 4 + program.length;
        int length = Datagram.HEADER + body + attribute;
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        bytes.putInt(length)
                .putShort((short) (family == BOTH ? TCPDIAG_GETSOCK : SOCK_DIAG_BY_FAMILY))
                .putShort((short) REQUEST_DUMP)
                .putInt(sequence)
                .putInt(0);
        if (family == BOTH) {
            bytes.put(new byte[3]).put((byte) extensions);
            bytes.put(new byte[SOCKET_ID]).putInt(stateMask).putInt(0);
        } else {
            bytes.put((byte) family)
                    .put((byte) IPPROTO_TCP)
                    .put((byte) extensions)
                    .put((byte) 0);
            bytes.putInt(stateMask).put(new byte[SOCKET_ID]);
        }
        if (attribute > 0) {
            bytes.putShort((short) attribute).putShort((short) BYTECODE).put(program);
        }
        return bytes.array();
    }
}
