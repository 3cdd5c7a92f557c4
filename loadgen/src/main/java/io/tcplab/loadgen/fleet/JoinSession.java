package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileError;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.Share;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.Rehearsal;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.RunSession;
import io.tcplab.loadgen.view.HandedOn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One generator of a load that a lead conducts. It keeps nothing: its result goes to the lead. Where the lead goes away it stops at once,
 * whatever it is doing.
 */
public final class JoinSession {

    private static final long AGAIN_MILLIS = 200;
    private static final int CONNECT_MILLIS = 3_000;
    private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(30);

    private final JoinRequest request;
    private final Consumer<IntervalReading> progress;
    private final Consumer<String> says;

    /** Volatile: {@link #interrupt} is any thread's. */
    private volatile boolean interrupted;

    private volatile Leader leader = Leader.NOBODY;

    public JoinSession(JoinRequest request, Consumer<IntervalReading> progress, Consumer<String> says) {
        this.request = request;
        this.progress = progress;
        this.says = says;
    }

    /** Leaves: the lead is told, and does without this generator. May be called from any thread, at any time. */
    public void interrupt() {
        interrupted = true;
        leader.leave("it was interrupted");
    }

    /** Joins, generates, and delivers. Returns when the lead needs it no more; throws where the load did not come to its end. */
    public void run() throws CannotRun {
        // Before the lead knows of this generator, so that nobody observes a kernel yet.
        long _ = Rehearsal.play();
        MessageStream stream = join();
        Leader joined = new Leader(stream);
        leader = joined;
        if (interrupted) {
            interrupt();
        }
        joined.follow();
        says.accept("joined " + request.lead());
        try (joined) {
            follow(joined, stream);
        }
    }

    private void follow(Leader joined, MessageStream stream) throws CannotRun {
        try (UnsentResult result = UnsentResult.create()) {
            deliver(result.path(), joined, stream);
        } catch (CannotRun e) {
            joined.fail(String.valueOf(e.getMessage()));
            throw e;
        } catch (RuntimeException | Error e) {
            joined.fail("it failed: " + e);
            throw e;
        }
    }

    private void deliver(Path home, Leader joined, MessageStream stream) throws CannotRun {
        try {
            Message.Prepare order = joined.awaitOrder();
            says.accept("generator " + (order.number() + 1) + " of " + order.of());
            generate(order, home, joined);
            ResultSender.send(home, stream);
            joined.awaitOver();
        } catch (IOException e) {
            throw joined.isGone()
                    ? joined.gone()
                    : new CannotRun("The result cannot be sent: " + e.getMessage() + ".", e);
        }
    }

    private void generate(Message.Prepare order, Path home, Leader joined) throws CannotRun, IOException {
        RunRequest run;
        try {
            Path file = Files.writeString(home.resolve("given.yaml"), order.profile());
            Share share = new Share(order.number(), order.of());
            Profile given = ProfileReader.read(file, List.of());
            TargetWait.until(given, order.remote().options(), joined);
            Profile profile = LocalSources.of(given, share);
            run = new RunRequest(profile, share, order.remote().options(), Isolation.NONE, home, home);
        } catch (ProfileError | IllegalArgumentException e) {
            throw new CannotRun("The profile cannot be run here: " + e.getMessage(), e);
        }
        GatheredRows rows = new GatheredRows();
        Consumer<IntervalReading> reports = reading -> {
            progress.accept(reading);
            joined.progress(reading);
            rows.take().forEach(joined::saw);
        };
        RunSession session = new RunSession(run, new HandedOn(says, reports, rows::add));
        session.joins(joined);
        joined.interrupts(session::interrupt);
        var _ = session.run().written();
        rows.take().forEach(joined::saw);
        if (joined.isGone()) {
            throw joined.gone();
        }
    }

    /** Connects until a lead answers; a lead that refuses is not asked again. */
    private MessageStream join() throws CannotRun {
        if (request.token().isAbsent() && !isLoopback()) {
            throw new CannotRun("join " + request.lead()
                    + ": a lead on another host needs a token, without which a stranger could have this host generate load;"
                    + " give --token-file.");
        }
        long latestNanos = System.nanoTime() + Math.min(request.patience().toNanos(), LONGEST_NANOS);
        String reason;
        do {
            if (interrupted) {
                throw new CannotRun("Interrupted before a lead was reached.");
            }
            try {
                return introduced(latestNanos);
            } catch (IOException e) {
                reason = Printable.shortLine(String.valueOf(e.getMessage()));
                pause();
            }
        } while (System.nanoTime() < latestNanos);
        throw new CannotRun("No lead answered at " + request.lead() + " within "
                + request.patience().toSeconds() + " s (" + reason
                + "): start 'tcplab lead PROFILE --generators N --listen HOST:PORT' there.");
    }

    private boolean isLoopback() {
        return request.lead()
                .literal()
                .map(address -> address.isLoopbackAddress())
                .orElse(request.lead().host().equals("localhost"));
    }

    private MessageStream introduced(long latestNanos) throws IOException, CannotRun {
        Socket socket = new Socket();
        boolean welcome = false;
        try {
            socket.connect(
                    new InetSocketAddress(request.lead().host(), request.lead().port()), CONNECT_MILLIS);
            if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
                throw new IOException("nothing listens there");
            }
            MessageStream stream = new MessageStream(socket);
            introduce(stream, Math.min(latestNanos, System.nanoTime() + Reception.HELLO_NANOS));
            welcome = true;
            return stream;
        } finally {
            if (!welcome) {
                socket.close();
            }
        }
    }

    private void introduce(MessageStream stream, long byNanos) throws IOException, CannotRun {
        int most = MessageStream.MOST_BYTES_OF_STRANGERS;
        if (!(stream.read(most, byNanos) instanceof Message.Greeting greeting)) {
            throw new CannotRun(request.lead() + " is not a lead of tcplab: check the address.");
        }
        if (greeting.version() != Message.VERSION) {
            throw new CannotRun("The lead at " + request.lead()
                    + " is of another version of tcplab: use the same one on all machines.");
        }
        String nonce = Token.nonce();
        Token token = request.token();
        stream.write(new Message.Hello(
                nonce, token.proof("join", greeting.nonce(), nonce), Machine.here(), request.group()));
        switch (stream.read(most, byNanos)) {
            case Message.Welcome(String proof) -> {
                if (!token.isProved(proof, "lead", greeting.nonce(), nonce)) {
                    throw new CannotRun("The lead at " + request.lead()
                            + " does not know the token: give both sides the same one.");
                }
            }
            case Message.Refused(String sentence) ->
                throw new CannotRun("The lead at " + request.lead() + " refused this generator: "
                        + Printable.shortLine(sentence) + ".");
            default -> throw new IOException("it does not answer as a lead does");
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
