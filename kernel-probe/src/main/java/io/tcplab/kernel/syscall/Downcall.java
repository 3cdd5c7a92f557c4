package io.tcplab.kernel.syscall;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * The one way into the kernel: syscall(2) of glibc, as a function of the memory that takes errno, the call's number and six
 * arguments. One shape for all calls: each that the linker has to prepare costs a start some 10 ms.
 */
final class Downcall {

    /** Any call. */
    private static final MethodHandle ANY = link();

    /**
     * Calls that cannot block: the thread does not leave its Java state, which saves the transition and keeps a safepoint waiting
     * for at most one such call (connect(2) on loopback: some 10 µs).
     */
    private static final MethodHandle QUICK = link(Linker.Option.critical(false));

    private Downcall() {}

    private static MethodHandle link(Linker.Option... options) {
        return link("syscall", options);
    }

    /** A function of libc of at most seven integers or pointers, called in the same way: a shape of its own would cost 10 ms. */
    static MethodHandle link(String function, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                all);
    }

    /** Returns memory that takes errno; for one thread at a time. */
    static MemorySegment newState() {
        // The collector's memory: that of a shared arena would be locked and unlocked at each call.
        return Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
    }

    /** Returns the call's result, or the negated errno. */
    static long any(MemorySegment state, long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) ANY.invokeExact(state, number, a, b, c, d, e, f);
            return result >= 0 ? result : -state.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable t) {
            throw new LinkageError("syscall(2) cannot be called", t);
        }
    }

    /** As {@link #any}, of a call that cannot block. */
    static long quick(MemorySegment state, long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) QUICK.invokeExact(state, number, a, b, c, d, e, f);
            return result >= 0 ? result : -state.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable t) {
            throw new LinkageError("syscall(2) cannot be called", t);
        }
    }
}
