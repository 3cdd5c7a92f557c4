package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Observing where this process is not, and several ports. */
@Timeout(60)
class ObservedPlaceIT {

    @TempDir
    private Path home;

    @Test
    void theViewSaysWhoseNamespaceItShows() {
        assertThat(List.of(
                        ObservedPlace.HERE,
                        new ObservedPlace(4711L, null, null),
                        new ObservedPlace(null, "blue", null),
                        new ObservedPlace(null, null, "web")))
                .extracting(ObservedPlace::inWords)
                .containsExactly(
                        "on this host",
                        "in the network namespace of process 4711",
                        "in the network namespace blue",
                        "in the container web");
    }

    private static String observe(ObservedPlace place, Integer... ports) throws CannotRun {
        StringWriter printed = new StringWriter();
        observe(place, Duration.ofMillis(300), new PrintWriter(printed), true, null, ports);
        return printed.toString();
    }

    private static void observe(
            ObservedPlace place,
            Duration time,
            PrintWriter out,
            boolean json,
            @Nullable Path timeline,
            Integer... ports)
            throws CannotRun {
        ObserveRequest request = new ObserveRequest(
                place, List.of(ports), time.toNanos(), Duration.ofMillis(50), timeline, null, null, null);
        ExitCode code = new ObserveSession(request, new Output(out, out, Ink.PLAIN, json, false, null, null)).run();
        assertThat(code).isEqualTo(ExitCode.FINE);
    }

    static boolean mayEnter() {
        return !UserNamespace.needed();
    }

    @Test
    @EnabledIf("mayEnter")
    void theListenerOfAProcessNamespaceIsSeenThereAndNotHere() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create("observed");
                ServerSocket socket =
                        namespace.call(() -> new ServerSocket(0, 7, InetAddress.getByName("127.0.0.1")))) {
            Process inside = namespace.start(new ProcessBuilder("sleep", "60"));
            try {
                Path ours = Path.of(namespace.path());
                Path theirs = Path.of("/proc/" + inside.pid() + "/ns/net");
                while (!Files.isSameFile(ours, theirs)) { // the process begins here and enters it at once
                    Thread.onSpinWait();
                }
                String there = observe(new ObservedPlace(inside.pid(), null, null), socket.getLocalPort());
                assertThat(there)
                        .contains("\"address\" : \"127.0.0.1:" + socket.getLocalPort() + "\"")
                        .contains("\"limit\" : 7");
                assertThat(observe(ObservedPlace.HERE, socket.getLocalPort())).doesNotContain("\"limit\" : 7");
            } finally {
                inside.destroyForcibly();
            }
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> observe(new ObservedPlace(null, "no-such-namespace", null), 80))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("There is no network namespace no-such-namespace");
        assertThatThrownBy(() -> observe(new ObservedPlace(4_194_304L, null, null), 80))
                .isInstanceOf(CannotRun.class)
                .hasMessage("There is no process 4194304.");
        assertThatThrownBy(() -> new ObservedPlace(1L, "a", null)).isInstanceOf(BadUsage.class);
    }

    @Test
    void severalPortsAreObservedAtOnceEachWithItsOwnFigures() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 5, loopback);
                ServerSocket other = new ServerSocket(0, 9, loopback);
                Socket _ = new Socket(loopback, other.getLocalPort())) {
            StringWriter json = new StringWriter();
            Path timeline = home.resolve("timeline.csv");
            observe(
                    ObservedPlace.HERE,
                    Duration.ofMillis(300),
                    new PrintWriter(json),
                    true,
                    timeline,
                    one.getLocalPort(),
                    other.getLocalPort());
            JsonNode ports = JsonMapper.shared().readTree(json.toString()).path("ports");
            assertThat(ports.size()).isEqualTo(2);
            assertThat(ports.at("/0/port").asInt()).isEqualTo(one.getLocalPort());
            assertThat(ports.at("/0/listeners/0/limit").asLong()).isEqualTo(5);
            assertThat(ports.at("/0/acceptQueue/peak").asLong()).isZero();
            assertThat(ports.at("/1/listeners/0/limit").asLong()).isEqualTo(9);
            assertThat(ports.at("/1/acceptQueue/peak").asLong()).isOne();
            assertThat(home.resolve("timeline-" + one.getLocalPort() + ".csv")).isNotEmptyFile();
            assertThat(home.resolve("timeline-" + other.getLocalPort() + ".csv"))
                    .isNotEmptyFile();
            StringWriter text = new StringWriter();
            observe(
                    ObservedPlace.HERE,
                    Duration.ofMillis(100),
                    new PrintWriter(text),
                    false,
                    null,
                    one.getLocalPort(),
                    other.getLocalPort());
            assertThat(text.toString())
                    .contains("observing port " + one.getLocalPort() + ", " + other.getLocalPort())
                    .contains(
                            "port " + one.getLocalPort() + "\nlistener ",
                            "port " + other.getLocalPort() + "\nlistener ");
        }
    }

    @Test
    void aControlEndpointServesOnePortAlone() {
        assertThatThrownBy(() -> new ObserveRequest(
                        ObservedPlace.HERE,
                        List.of(80, 443),
                        1,
                        Duration.ofMillis(50),
                        null,
                        Endpoint.parse("127.0.0.1:9101"),
                        null,
                        null))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("--control serves the observations of one port");
    }

    /** Whatever ss and nstat, run inside, say of a namespace in which nobody else is. */
    @Test
    @EnabledIf("mayEnter")
    void aForeignNamespaceIsSeenAsSsAndNstatInsideSeeIt() throws Exception {
        assumeTrue(
                Programs.find("ss").isPresent() && Programs.find("nstat").isPresent(),
                "needs ss and nstat of iproute2");
        List<Socket> clients = new ArrayList<>();
        try (NetworkNamespace namespace = NetworkNamespace.create("compared");
                ServerSocket server =
                        namespace.call(() -> new ServerSocket(0, 7, InetAddress.getByName("127.0.0.1")))) {
            Process inside = namespace.start(new ProcessBuilder("sleep", "60"));
            try {
                awaitInside(namespace, inside);
                int port = server.getLocalPort();
                clients.add(namespace.call(() -> new Socket("127.0.0.1", port)));
                Map<String, Long> before = nstat(namespace);
                StringWriter text = new StringWriter();
                ObservedPlace place = new ObservedPlace(inside.pid(), null, null);
                CompletableFuture<Void> observing = CompletableFuture.runAsync(() -> {
                    try {
                        observe(place, Duration.ofSeconds(2), new PrintWriter(text), false, null, port);
                    } catch (CannotRun e) {
                        throw new IllegalStateException(e);
                    }
                });
                while (!observing.isDone() && !text.toString().contains("observing port")) {
                    Thread.sleep(5);
                }
                for (int i = 0; i < 4; i++) {
                    clients.add(namespace.call(() -> new Socket("127.0.0.1", port)));
                }
                observing.get();
                Map<String, Long> after = nstat(namespace);
                Map<String, Long> ours = counters(text.toString());
                assertThat(ours).containsEntry("TcpPassiveOpens", 4L);
                ours.forEach((name, delta) -> assertThat(delta)
                        .as(name)
                        .isEqualTo(after.getOrDefault(name, 0L) - before.getOrDefault(name, 0L)));
                String[] ss = run(namespace, "ss", "-Hltn", "sport = :" + port)
                        .strip()
                        .split("\\s+");
                assertThat(text.toString()).contains("queue " + ss[1] + " of " + ss[2]);
                assertThat(ss[1]).isEqualTo("5");
                JsonNode json = JsonMapper.shared().readTree(observe(place, port));
                assertThat(json.at("/peakStates/ESTABLISHED").asLong())
                        .isEqualTo(run(namespace, "ss", "-Htn", "state", "established", "sport = :" + port)
                                .lines()
                                .count());
            } finally {
                inside.destroyForcibly();
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** A rule is judged by what is set where the server is: the namespace from which somebody looks has settings of its own. */
    @Test
    @EnabledIf("mayEnter")
    void theSettingsAreThoseOfTheNamespaceThatIsLookedInto() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create("settings")) {
            String written = namespace.call(() -> Sysctl.write("net.ipv4.tcp_max_syn_backlog", "77"));
            assertThat(written).isEqualTo("77");
            try (ObservationLog there = ObservationLog.start(Observer.Settings.of(80), namespace);
                    ObservationLog here = ObservationLog.start(Observer.Settings.of(80))) {
                assertThat(there.side().sysctls()).containsEntry("net.ipv4.tcp_max_syn_backlog", "77");
                assertThat(SideSettings.of(there.side()).isOf(SideSettings.here()))
                        .isFalse();
                assertThat(SideSettings.of(here.side()).isOf(SideSettings.here()))
                        .isTrue();
            }
        }
    }

    /** As of a container's shim, or of a shell that runs {@code ip netns exec}. */
    @Test
    @EnabledIf("mayEnter")
    void whereNobodyListensAChildInAnotherNamespaceIsNamed() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create("child")) {
            Process shell =
                    new ProcessBuilder("sh", "-c", "nsenter --net=" + namespace.path() + " -- sleep 60; true").start();
            try {
                while (shell.descendants().noneMatch(each -> isIn(namespace, each))) {
                    Thread.sleep(5);
                }
                long child = shell.descendants().findFirst().orElseThrow().pid();
                StringWriter text = new StringWriter();
                observe(
                        new ObservedPlace(shell.pid(), null, null),
                        Duration.ofMillis(100),
                        new PrintWriter(text),
                        false,
                        null,
                        9);
                assertThat(text.toString())
                        .contains(
                                "nothing listened on port 9",
                                "process " + child + ", which process " + shell.pid()
                                        + " has started, is in another network namespace: observe that with --pid "
                                        + child);
            } finally {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        }
    }

    private static boolean isIn(NetworkNamespace namespace, ProcessHandle process) {
        try {
            return Files.isSameFile(Path.of(namespace.path()), Path.of("/proc/" + process.pid() + "/ns/net"));
        } catch (IOException _) {
            return false;
        }
    }

    private static void awaitInside(NetworkNamespace namespace, Process process) throws Exception {
        Path ours = Path.of(namespace.path());
        Path theirs = Path.of("/proc/" + process.pid() + "/ns/net");
        while (!Files.isSameFile(ours, theirs)) { // the process begins here and enters it at once
            Thread.onSpinWait();
        }
    }

    private static String run(NetworkNamespace namespace, String... command) throws Exception {
        Process process = namespace.start(new ProcessBuilder(command));
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.waitFor();
        }
    }

    /** Absolute values by nstat's names, which are ours without the dot. */
    private static Map<String, Long> nstat(NetworkNamespace namespace) throws Exception {
        Map<String, Long> values = new HashMap<>();
        run(namespace, "nstat", "-asz")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    String[] words = line.strip().split("\\s+");
                    values.put(words[0], Long.parseLong(words[1]));
                });
        return values;
    }

    private static Map<String, Long> counters(String text) {
        Map<String, Long> counters = new HashMap<>();
        Matcher line = Pattern.compile("(?m)^  (\\w+\\.\\w+) +([\\d,]+)$").matcher(text);
        while (line.find()) {
            counters.put(
                    line.group(1).replace(".", ""), Long.parseLong(line.group(2).replace(",", "")));
        }
        return counters;
    }

    /** As podman's service answers it, whose protocol is Docker's. */
    @Test
    void aContainerIsFoundByTheSocketOfPodman() throws Exception {
        Path path = home.resolve("podman.sock");
        try (ServerSocketChannel engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            engine.bind(UnixDomainSocketAddress.of(path));
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> answer(engine));
            ContainerEngine podman = new ContainerEngine(List.of(path), List.of());
            assertThat(podman.pidOf("web")).isEqualTo(4711);
            assertThat(asked.get()).startsWith("GET /containers/web/json HTTP/1.0\r\n");
        }
    }

    private static String answer(ServerSocketChannel engine) {
        try (SocketChannel peer = engine.accept()) {
            ByteBuffer request = ByteBuffer.allocate(4096);
            int length = peer.read(request);
            peer.write(StandardCharsets.US_ASCII.encode("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
                    + "{\"Id\":\"0123456789ab\",\"Name\":\"web\","
                    + "\"State\":{\"Status\":\"running\",\"Running\":true,\"Pid\":4711}}"));
            return new String(request.array(), 0, length, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As podman and conmon write them where no service runs. */
    @Test
    void aContainerOfPodmanIsFoundByItsFiles() throws Exception {
        Path kept = Files.createDirectories(home.resolve("storage/overlay-containers"));
        Path running = Files.createDirectories(home.resolve("run/overlay-containers/0123456789ab/userdata"));
        Files.writeString(
                kept.resolve("containers.json"),
                "[{\"id\":\"ffff\",\"names\":[\"old\"]},{\"id\":\"0123456789ab\",\"names\":[\"web\"],\"image\":\"x\"}]");
        Files.writeString(
                running.resolve("pidfile"),
                Long.toString(ProcessHandle.current().pid()));
        PodmanStorage storage = new PodmanStorage(home.resolve("storage"), home.resolve("run"));
        ContainerEngine podman = new ContainerEngine(List.of(), List.of(storage));
        assertThat(podman.pidOf("web")).isEqualTo(ProcessHandle.current().pid());
        assertThat(podman.pidOf("0123456789")).isEqualTo(ProcessHandle.current().pid());
        assertThatThrownBy(() -> podman.pidOf("old"))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("The container old cannot be found: podman's " + home.resolve("storage"));
    }

    /** {@code podman run --rm} keeps a list of its own, which a transient storage has below the run root. */
    @Test
    void aContainerThatIsRemovedAtItsEndIsFoundToo() throws Exception {
        Path kept = Files.createDirectories(home.resolve("storage/overlay-containers"));
        Path running = Files.createDirectories(home.resolve("run/overlay-containers"));
        long own = ProcessHandle.current().pid();
        for (String id : List.of("aaaaaa", "bbbbbb")) {
            Path userdata = Files.createDirectories(running.resolve(id).resolve("userdata"));
            Files.writeString(userdata.resolve("pidfile"), Long.toString(own));
        }
        Files.writeString(kept.resolve("containers.json"), "[]");
        Files.writeString(kept.resolve("volatile-containers.json"), "[{\"id\":\"aaaaaa\",\"names\":[\"removed\"]}]");
        Files.writeString(
                running.resolve("volatile-containers.json"), "[{\"id\":\"bbbbbb\",\"names\":[\"transient\"]}]");
        PodmanStorage storage = new PodmanStorage(home.resolve("storage"), home.resolve("run"));
        assertThat(storage.pidOf("removed")).hasValue(own);
        assertThat(storage.pidOf("transient")).hasValue(own);
        assertThat(storage.pidOf("other")).isEmpty();
    }

    @Test
    void theContainersOfWhoeverCalledSudoAreLookedForToo() throws Exception {
        Path storage = home.resolve(".local/share/containers/storage");
        Path lists = Files.createDirectories(storage.resolve("overlay-containers"));
        Files.writeString(lists.resolve("containers.json"), "[]");
        Path users = Files.writeString(
                home.resolve("passwd"),
                "root:x:0:0:root:/root:/bin/sh\nshort\nann:x:54321:54321:Ann,,,:" + home + ":/bin/sh\n");
        assertThat(PodmanStorage.ofThisHost(Map.of("SUDO_UID", "54321"), users))
                .contains(new PodmanStorage(storage, Path.of("/run/user/54321/containers")));
        assertThat(PodmanStorage.ofThisHost(Map.of("SUDO_UID", "54322"), users))
                .noneMatch(each -> each.kept().equals(storage));
    }
}
