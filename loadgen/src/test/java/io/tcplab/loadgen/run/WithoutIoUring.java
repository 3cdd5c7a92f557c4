package io.tcplab.loadgen.run;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.tcplab.loadgen.cli.Tcplab;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** tcplab where io_uring is refused, as by Docker's default profile: under a seccomp(2) filter that returns EPERM for its calls. */
final class WithoutIoUring {

    private static final int IO_URING_SETUP = 425;
    private static final int CALLS = 3;

    private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int RETURN = 0x06; // BPF_RET | BPF_K
    private static final int ERRNO_EPERM = 0x0005_0001; // SECCOMP_RET_ERRNO | EPERM
    private static final int ALLOW = 0x7fff_0000;

    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final long MODE_FILTER = 2;

    private WithoutIoUring() {}

    public static void main(String[] arguments) throws Throwable {
        int length = CALLS + 3;
        MemorySegment filter = Arena.global().allocate(8L * length, 8);
        instruction(filter, 0, LOAD_WORD, 0, 0); // seccomp_data.nr
        for (int i = 0; i < CALLS; i++) {
            instruction(filter, 1 + i, JUMP_IF_EQUAL, CALLS - i, IO_URING_SETUP + i);
        }
        instruction(filter, CALLS + 1, RETURN, 0, ALLOW);
        instruction(filter, CALLS + 2, RETURN, 0, ERRNO_EPERM);
        MemorySegment program = Arena.global().allocate(16, 8);
        program.set(JAVA_SHORT, 0, (short) length);
        program.set(ADDRESS, 8, filter);
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
        prctl(PR_SET_SECCOMP, MODE_FILTER, program.address());
        Tcplab.main(arguments);
    }

    private static void instruction(MemorySegment filter, int index, int code, int jump, int operand) {
        filter.set(JAVA_SHORT, index * 8L, (short) code);
        filter.set(JAVA_BYTE, index * 8L + 2, (byte) jump);
        filter.set(JAVA_INT, index * 8L + 4, operand);
    }

    /** For the calling thread and those that it begins from now on. */
    private static void prctl(int option, long second, long third) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle prctl = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("prctl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        if ((int) prctl.invokeExact(option, second, third, 0L, 0L) != 0) {
            throw new IllegalStateException("prctl " + option);
        }
    }
}
