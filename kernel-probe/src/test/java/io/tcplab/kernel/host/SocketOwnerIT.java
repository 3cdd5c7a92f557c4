package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.sockdiag.SockDiag;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SocketOwnerIT {
    @Test
    void aStoppedProcessIsSeenAsStopped() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            String pid = Long.toString(child.pid());
            Eventually.read(
                    () -> SocketOwner.of(List.of(child.pid())).orElseThrow(),
                    owner -> owner.program().equals("sleep")
                            && owner.descriptors().equals(OptionalLong.of(3)));
            assertThat(SocketOwner.of(List.of(child.pid())).orElseThrow().stopped())
                    .isZero();
            Programs.run(null, "", "kill", "-STOP", pid);
            SocketOwner stopped = Eventually.read(
                    () -> SocketOwner.of(List.of(child.pid())).orElseThrow(), owner -> owner.stopped() == 1);
            assertThat(stopped.stopped()).isEqualTo(1);
            assertThat(stopped.program()).isEqualTo("sleep");
            assertThat(stopped.pid()).isEqualTo(child.pid());
            assertThat(stopped.descriptors()).hasValue(3);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void anEndedProcessOwnsNothing() throws Exception {
        Process child = new ProcessBuilder("true").start();
        assertThat(child.waitFor()).isZero();
        assertThat(SocketOwner.of(List.of(child.pid()))).isEmpty();
    }

    /** A process that holds two of the sockets is counted once. */
    @Test
    void theDescriptorsOfAllHoldersAreAddedUp() throws Exception {
        List<Closeable> opened = new ArrayList<>();
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketOwners owners = new SocketOwners();
            Set<Long> both = Set.of(inode(one), inode(other));
            long before = owners.descriptors(both).orElseThrow();
            for (int i = 0; i < 40; i++) {
                opened.add(new FileInputStream("/dev/null"));
            }
            assertThat(owners.descriptors(both).orElseThrow() - before).isBetween(20L, 60L);
            assertThat(owners.descriptors(Set.of())).isEmpty();
        } finally {
            for (Closeable each : opened) {
                each.close();
            }
        }
    }

    private static long inode(ServerSocket socket) {
        return inode(socket.getLocalPort());
    }

    private static long inode(int port) {
        try (SockDiag kernel = SockDiag.open()) {
            return kernel.listeners(port).getFirst().inode();
        }
    }

    /** Prints its port, forks a worker that inherits the listener, and at each line forks another one in its place. */
    private static final String WORKERS = """
            import os, signal, socket, sys
            s = socket.create_server(('127.0.0.1', 0))
            def worker():
                pid = os.fork()
                if pid == 0:
                    signal.pause()
                return pid
            w = worker()
            print(s.getsockname()[1], w, flush=True)
            for line in sys.stdin:
                os.kill(w, signal.SIGKILL)
                os.waitpid(w, 0)
                w = worker()
                print(w, flush=True)
            os.kill(w, signal.SIGKILL)
            """;

    @Test
    void aWorkerThatTakesThePlaceOfAnEndedOneIsFoundThoughTheSocketIsTheSame() throws Exception {
        Assumptions.assumeTrue(Programs.find("python3").isPresent(), "needs python3");
        Process server = new ProcessBuilder("python3", "-c", WORKERS).start();
        try (BufferedReader said = server.inputReader();
                BufferedWriter asked = server.outputWriter()) {
            String[] first = said.readLine().split(" ");
            Set<Long> listener = Set.of(inode(Integer.parseInt(first[0])));
            SocketOwners owners = new SocketOwners();
            assertThat(owners.of(listener).values()).singleElement().returns(2, SocketOwner::processes);

            asked.write("\n");
            asked.flush();
            String second = said.readLine();
            Programs.run(null, "", "kill", "-STOP", second);

            SocketOwner now = Eventually.read(
                    () -> owners.of(listener).values().iterator().next(), owner -> owner.stopped() == 1);
            assertThat(now).returns(2, SocketOwner::processes).returns(1, SocketOwner::stopped);
        } finally {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        }
    }

    /** Makes two listeners of one port, prints it, and forks two workers that hold both and wait for one each. */
    private static final String REUSEPORT_WORKERS = """
            import os, select, signal, socket, sys
            def listener(port):
                s = socket.socket()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                s.bind(('127.0.0.1', port))
                s.listen()
                return s
            one = listener(0)
            port = one.getsockname()[1]
            workers = []
            for own in (one, listener(port)):
                r, w = os.pipe()
                pid = os.fork()
                if pid == 0:
                    e = select.epoll()
                    e.register(own.fileno(), select.EPOLLIN)
                    os.write(w, b'.')
                    signal.pause()
                os.read(r, 1)
                workers.append((os.fstat(own.fileno()).st_ino, pid))
            print(port, *['%d:%d' % each for each in workers], flush=True)
            sys.stdin.read()
            for _, pid in workers:
                os.kill(pid, signal.SIGKILL)
            """;

    /** As nginx's with {@code listen … reuseport}. */
    @Test
    void ofWorkersThatHoldAllSocketsTheOneThatWaitsForItIsNamed() throws Exception {
        Assumptions.assumeTrue(Programs.find("python3").isPresent(), "needs python3");
        Process server = new ProcessBuilder("python3", "-c", REUSEPORT_WORKERS).start();
        try (BufferedReader said = server.inputReader()) {
            Map<Long, Long> workers = Arrays.stream(said.readLine().split(" "))
                    .skip(1)
                    .map(each -> each.split(":"))
                    .collect(Collectors.toMap(each -> Long.valueOf(each[0]), each -> Long.valueOf(each[1])));
            SocketOwners search = new SocketOwners();
            Map<Long, SocketOwner> owners = search.of(workers.keySet());
            workers.forEach((inode, pid) ->
                    assertThat(owners.get(inode)).returns(pid, SocketOwner::pid).returns(1, SocketOwner::processes));

            server.children().forEach(ProcessHandle::destroyForcibly);
            Map<Long, SocketOwner> left = Eventually.read(
                    () -> search.of(workers.keySet()),
                    now -> now.values().stream().allMatch(owner -> owner.pid() == server.pid()));
            assertThat(left.values())
                    .as("held by the parent")
                    .hasSize(2)
                    .allMatch(owner -> owner.pid() == server.pid());
        } finally {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        }
    }

    /** By socket activation both hold the listener, and only the service accepts. A script's process has the script's name. */
    @Test
    void whatSystemdKeepsIsLaidToTheServiceThatItWasHandedTo(@TempDir Path directory) throws Exception {
        Path script = Files.writeString(directory.resolve("systemd"), "#!/bin/sh\nread line\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Process keeper = new ProcessBuilder(script.toString()).start();
        Process service = new ProcessBuilder("sleep", "60").start();
        try {
            for (Process each : List.of(keeper, service)) {
                String name = each.equals(keeper) ? "systemd" : "sleep";
                SocketOwner alone = Eventually.read(
                        () -> SocketOwner.of(List.of(each.pid())).orElseThrow(),
                        owner -> owner.program().equals(name));
                assertThat(alone.program()).isEqualTo(name);
            }
            assertThat(SocketOwner.of(List.of(keeper.pid(), service.pid())).orElseThrow())
                    .returns("sleep", SocketOwner::program)
                    .returns(1, SocketOwner::processes);
        } finally {
            keeper.destroyForcibly();
            service.destroyForcibly();
        }
    }

    @Test
    void aSocketThatNobodyHoldsHasNoOwner() {
        assertThat(new SocketOwners().of(Set.of(1L))).isEmpty();
    }
}
