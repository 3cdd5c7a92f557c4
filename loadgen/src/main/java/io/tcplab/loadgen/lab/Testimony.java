package io.tcplab.loadgen.lab;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Waits, expects and measures on behalf of an experiment, and writes down what it does and sees. For the thread that plays. */
public abstract sealed class Testimony permits Stage {
    static final int PATIENCE_MILLIS = 4000;
    private static final int LOOK_EVERY_MILLIS = 4;

    /** How much later than its nominal time a timer of the kernel may be seen. */
    public static final double TIMER_SLACK_SECONDS = 0.9;

    final Journal journal = new Journal();

    /** Fails the experiment unless it is so. */
    public void expect(boolean so, String what) {
        if (!so) {
            throw new ExpectationFailed(what);
        }
    }

    /** Waits until one end of a connection is in a state; CLOSE means in no list any more. */
    public void expect(Sock end, TcpState state) throws Exception {
        expect(end, state, PATIENCE_MILLIS);
    }

    /** As the other, with a time of its own. */
    public void expect(Sock end, TcpState state, int millis) throws Exception {
        if (!comes(() -> end.state() == state, millis)) {
            throw new ExpectationFailed(end.name() + " is " + end.state() + ", expected " + state);
        }
        journal.state(end.name(), state);
    }

    /** Waits until a host has this many sockets of a port in a state. */
    public void expectCount(Host host, TcpState state, int port, int count) throws Exception {
        if (!comes(() -> host.count(state, port) == count, PATIENCE_MILLIS)) {
            throw new ExpectationFailed(
                    host.name() + " has " + host.count(state, port) + " in " + state + ", expected " + count);
        }
        journal.state(host.name(), state);
        journal.figure(host.name() + "." + state, count);
    }

    /** Expects an errno, under a name in the evidence. */
    public void expect(String name, Errno wanted, Errno got) {
        journal.errno(name, got);
        if (wanted != got) {
            throw new ExpectationFailed(name + " answered " + got + ", expected " + wanted);
        }
    }

    /** Waits until a counter has moved by exactly this much; on loopback, by at least this much. */
    public void expectDelta(Host host, KernelCounter counter, long by) throws Exception {
        boolean came = comes(() -> host.isolated() ? host.delta(counter) == by : host.delta(counter) >= by, 2000);
        journal.step(host.name() + ": " + counter.kernelName() + " +" + host.delta(counter));
        if (!came) {
            throw new ExpectationFailed(host.name() + "'s " + counter.kernelName() + " moved by " + host.delta(counter)
                    + ", expected " + by);
        }
    }

    /** Expects a measured span of a kernel timer: not before its nominal time, and at most 0.9 s after it. */
    public void expectSeconds(String name, double nominal, double measured) {
        journal.time(name, measured);
        if (!onTime(nominal, measured)) {
            throw new ExpectationFailed(name + " took " + Journal.rounded(measured) + " s, expected " + nominal + " to "
                    + (nominal + TIMER_SLACK_SECONDS) + " s");
        }
    }

    /** Whether a span is that of a kernel timer. */
    public static boolean onTime(double nominal, double measured) {
        return measured >= nominal - 0.1 && measured <= nominal + TIMER_SLACK_SECONDS;
    }

    /** Whether something becomes so within this time. */
    public boolean comes(Callable<Boolean> so, int millis) throws Exception {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        while (!so.call()) {
            if (System.nanoTime() > deadline) {
                return so.call();
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    /** The seconds until something becomes so; throws ExpectationFailed when it does not within this time. */
    public double secondsUntil(String what, int millis, Callable<Boolean> so) throws Exception {
        double start = seconds();
        if (!comes(so, millis)) {
            throw new ExpectationFailed(what + ": not within " + millis + " ms");
        }
        double took = seconds() - start;
        journal.time(what, took);
        return took;
    }

    /** Waits. */
    public void pause(int millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    /** A number of seconds with one decimal, for reasons. */
    public String tenths(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    /** Seconds since the experiment began. */
    public double seconds() {
        return journal.seconds();
    }

    /** A line in the journal. */
    public void note(String line) {
        journal.step(line);
    }

    /** A counted thing, as evidence. */
    public long figure(String name, long value) {
        journal.figure(name, value);
        return value;
    }

    /** A span, as evidence. */
    public double time(String name, double seconds) {
        journal.time(name, seconds);
        return seconds;
    }

    /** An errno, as evidence. */
    public Errno errno(String name, Errno errno) {
        journal.errno(name, errno);
        return errno;
    }

    /** A state that was seen, as evidence; answers it. */
    public TcpState seen(Sock end) {
        TcpState state = end.state();
        journal.state(end.name(), state);
        return state;
    }

    /** What this experiment found about one claim, where that is not its verdict. */
    public void claim(int number, Finding finding) {
        journal.claim(number, finding);
    }

    Journal journal() {
        return journal;
    }
}
