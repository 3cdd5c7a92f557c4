package io.tcplab.loadgen.run;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * The threads of this process that work beside the event loops: the JVM's own, the sampler and the observers. While starts are made
 * by the clock they give way, where they share a core with a loop: otherwise one start in a hundred waits for milliseconds until
 * the compiler's slice is over. Where loops have CPUs of their own, they keep off these.
 */
final class OtherThreads {

    private static final int LEAST = 19;
    private static final int ORDINARY = 0;

    /** Beginnings of names, of which the kernel keeps 15 characters (proc_pid_comm(5)). */
    private static final List<String> NAMES =
            List.of("C1 Comp", "C2 Comp", "VM ", "GC Thread", "Monitor", "Service", "Training", "sampler", "observe-");

    private static final String LOOP = "loop-";

    private OtherThreads() {}

    /** From now on they run where a loop leaves time. Not for a load that may saturate its core: nothing would be compiled. */
    static void giveWay() {
        nice(LEAST);
    }

    /** Undoes {@link #giveWay}, where the kernel lets us: raising needs CAP_SYS_NICE. */
    static void compete() {
        nice(ORDINARY);
    }

    private static void nice(int nice) {
        each(name -> NAMES.stream().anyMatch(name::startsWith), thread -> {
            int _ = Syscalls.niceThread(thread, nice);
        });
    }

    /** No thread but a loop runs on these CPUs from now on; what they start does not either (sched_setaffinity(2)). */
    static synchronized void keepOff(BitSet cpus) {
        each(name -> !name.startsWith(LOOP), thread -> {
            BitSet rest = Syscalls.affinity(thread);
            rest.andNot(cpus);
            int _ = Syscalls.setAffinity(thread, rest);
        });
    }

    /** Undoes {@link #keepOff}. */
    static synchronized void allow(BitSet cpus) {
        each(name -> !name.startsWith(LOOP), thread -> {
            BitSet all = Syscalls.affinity(thread);
            all.or(cpus);
            int _ = Syscalls.setAffinity(thread, all);
        });
    }

    private static void each(Predicate<String> wanted, IntConsumer action) {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                String name = ProcFile.readIfPresent(task.resolve("comm")).orElse("");
                if (wanted.test(name)) {
                    action.accept(Integer.parseInt(String.valueOf(task.getFileName())));
                }
            }
        } catch (IOException _) {
            // No /proc: starts may be later than they need be, and the result says how late.
        }
    }
}
