package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where generators come in. Whoever connects has {@link #HELLO_NANOS} to show that it knows the token; of those that have not yet, one goes
 * when there are more than {@link #MOST_STRANGERS}. So nobody without the token can use up time, memory or descriptors. Which one goes is
 * left to chance: were it the oldest, a flood of strangers would keep every generator out that needs longer than the flood to replace all.
 */
final class Reception implements AutoCloseable {

    static final int MOST_STRANGERS = 128;
    static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int BACKLOG = 512;

    /** A generator that has shown the token. */
    record Guest(MessageStream stream, Machine machine, String group) {}

    private final ServerSocket server;
    private final Token token;
    private final Function<Guest, @Nullable String> refusal;
    private final Consumer<Guest> admitted;
    private final Consumer<String> says;

    /** Connections whose peer is not known yet. */
    private final List<MessageStream> strangers = new ArrayList<>();

    private boolean turnedAway;

    private Reception(
            ServerSocket server,
            Token token,
            Function<Guest, @Nullable String> refusal,
            Consumer<Guest> admitted,
            Consumer<String> says) {
        this.server = server;
        this.token = token;
        this.refusal = refusal;
        this.admitted = admitted;
        this.says = says;
    }

    /**
     * Listens.
     *
     * @param refusal why a guest is not wanted, in a sentence for it; null where it is
     * @param admitted takes every guest that is wanted; several threads call
     * @param says has a sentence about the first stranger that was turned away
     * @throws CannotRun where the address is taken, or open to others without a token
     */
    static Reception open(
            Endpoint at,
            Token token,
            Function<Guest, @Nullable String> refusal,
            Consumer<Guest> admitted,
            Consumer<String> says)
            throws CannotRun {
        try {
            InetSocketAddress address = at.resolve();
            if (token.isAbsent() && !address.getAddress().isLoopbackAddress()) {
                throw new CannotRun(
                        "--listen " + at
                                + ": an address that others can reach needs a token; give --token-file, or listen on 127.0.0.1.");
            }
            prepare(token);
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(address, BACKLOG);
            Reception reception = new Reception(server, token, refusal, admitted, says);
            Thread.ofPlatform().name("reception").daemon(true).start(reception::acceptAll);
            return reception;
        } catch (UnknownHostException e) {
            throw new CannotRun("--listen: the host name " + at.host() + " does not resolve; give an address.", e);
        } catch (IOException e) {
            throw new CannotRun(
                    "--listen " + at + ": " + e.getMessage() + "; choose an address of this host and a free port.", e);
        }
    }

    /** What the first guest would have to wait for: classes that are loaded when they are first used. */
    private static void prepare(Token token) {
        boolean _ = MessageStream.fits(new Message.Hello(Token.nonce(), "", Machine.here(), null));
        boolean _ = token.isProved("", "join", "", "");
    }

    /** Where it listens. */
    InetSocketAddress address() {
        InetAddress address = server.getInetAddress();
        return new InetSocketAddress(address, server.getLocalPort());
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().name("hello").start(() -> receive(socket));
            } catch (IOException _) {
                // Closed; or no descriptor is left, until a stranger's time is over.
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(server.isClosed() ? 0 : 10);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(Socket socket) {
        String peer = String.valueOf(socket.getRemoteSocketAddress());
        MessageStream stream = null;
        try {
            stream = new MessageStream(socket);
            enter(stream);
            admitted.accept(greet(stream));
        } catch (IOException | RuntimeException e) {
            if (stream != null) {
                boolean _ = leave(stream);
                stream.close();
            }
            say(peer, Printable.shortLine(String.valueOf(e.getMessage())));
        }
    }

    /** Returns the guest; throws with a sentence where it is none. */
    private Guest greet(MessageStream stream) throws IOException {
        long byNanos = System.nanoTime() + HELLO_NANOS;
        String nonce = Token.nonce();
        stream.write(new Message.Greeting(Message.VERSION, nonce));
        if (!(stream.read(MessageStream.MOST_BYTES_OF_STRANGERS, byNanos) instanceof Message.Hello hello)) {
            throw new IOException("it does not say hello");
        }
        if (!token.isProved(hello.proof(), "join", nonce, hello.nonce())) {
            stream.write(new Message.Refused("the token is not the lead's"));
            throw new IOException("it does not know the token");
        }
        if (!leave(stream)) {
            throw new IOException("too many others came in before it had shown the token");
        }
        String group = hello.group() == null ? "" : hello.group();
        Guest guest = new Guest(stream, hello.machine(), group);
        String reason = group.isEmpty() || GroupName.isAllowed(group) ? refusal.apply(guest) : GroupName.RULE;
        if (reason != null) {
            stream.write(new Message.Refused(reason));
            throw new IOException(reason);
        }
        stream.write(new Message.Welcome(token.proof("lead", nonce, hello.nonce())));
        // A generator that has gone meanwhile, to try again, is not counted.
        if (!(stream.read(MessageStream.MOST_BYTES_OF_STRANGERS, byNanos) instanceof Message.Alive)) {
            throw new IOException("it does not answer the welcome");
        }
        return guest;
    }

    private void enter(MessageStream stream) {
        MessageStream gone = null;
        synchronized (strangers) {
            if (strangers.size() >= MOST_STRANGERS) {
                gone = strangers.remove(ThreadLocalRandom.current().nextInt(strangers.size()));
            }
            strangers.add(stream);
        }
        if (gone != null) {
            gone.close();
        }
    }

    /** It is no stranger any more, and no other that comes in ends its connection; false where one already has. */
    private boolean leave(MessageStream stream) {
        synchronized (strangers) {
            return strangers.remove(stream);
        }
    }

    /** Once: of ten thousand nobody reads the second. */
    private void say(String peer, String reason) {
        synchronized (strangers) {
            if (turnedAway || server.isClosed()) {
                return;
            }
            turnedAway = true;
        }
        says.accept("turned away " + peer + ": " + reason + " (further ones are not reported)");
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException _) {
            // Nobody comes in any more either way.
        }
        synchronized (strangers) {
            strangers.forEach(MessageStream::close);
            strangers.clear();
        }
    }
}
