package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A web server of the distribution, with a configuration of its own on a port of its own. It serves {@code /empty}, {@code /1k} and
 * {@code /5m}, takes bodies of up to 8 MiB at {@code /1k}, and writes a line {@code 200 GET /1k} for each request that it has served.
 */
final class WebServer implements AutoCloseable {

    static final int FIVE_MEGABYTES = 5_000_000;

    /** What there is to try. */
    enum Kind {
        NGINX("/usr/sbin/nginx", "nginx-light", Signal.QUIT),
        APACHE("/usr/sbin/apache2", "apache2-bin", Signal.WINCH),
        HAPROXY("/usr/sbin/haproxy", "haproxy", Signal.USR1),
        NODE("/usr/bin/node", "nodejs", Signal.TERM);

        private final Path program;
        private final String debianPackage;

        /** After which it ends what it is doing, and writes it down, before it goes. */
        private final Signal graceful;

        Kind(String program, String debianPackage, Signal graceful) {
            this.program = Path.of(program);
            this.debianPackage = debianPackage;
            this.graceful = graceful;
        }

        void assumeInstalled() {
            Assumptions.assumeTrue(
                    Files.isExecutable(program), "needs " + program + " (Debian: " + debianPackage + ")");
        }
    }

    private final Path home;
    private final Path log;
    /** Those in front come first. */
    private final List<Running> processes = new ArrayList<>();

    final int port;

    private record Running(Process process, Kind kind) {}

    private WebServer(Kind kind, Path home, int port) {
        this.home = home;
        this.port = port;
        this.log = home.resolve(kind + ".log");
    }

    /** Starts it; {@code settings} go into the configuration of the server that is asked. */
    static WebServer start(Kind kind, Path home, String settings) throws Exception {
        kind.assumeInstalled();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path files = Files.createDirectories(home.resolve("files"));
        Files.write(files.resolve("empty"), new byte[0]);
        Files.write(files.resolve("1k"), new byte[1000]);
        Files.write(files.resolve("5m"), new byte[FIVE_MEGABYTES]);
        WebServer server = new WebServer(kind, home, freePort());
        boolean started = false;
        try {
            switch (kind) {
                case NGINX -> server.nginx(server.port, server.log, settings);
                case APACHE -> server.apache(settings);
                case HAPROXY -> server.haproxy(settings);
                case NODE -> server.node(settings);
            }
            server.awaitListening(server.port);
            started = true;
            return server;
        } finally {
            if (!started) {
                server.close();
            }
        }
    }

    /** As {@link #start}, with TLS and a certificate of its own. */
    static WebServer startWithTls(Kind kind, Path home) throws Exception {
        kind.assumeInstalled();
        certificate(home);
        String chain = home + "/cert.pem";
        String key = home + "/key.pem";
        return start(
                kind,
                home,
                switch (kind) {
                    case NGINX -> "ssl_certificate " + chain + "; ssl_certificate_key " + key + ";";
                    case APACHE ->
                        "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\nSSLEngine on\nSSLCertificateFile "
                                + chain + "\nSSLCertificateKeyFile " + key + "\nSSLSessionCache none";
                    case HAPROXY -> {
                        Path both = home.resolve("both.pem");
                        Files.writeString(both, Files.readString(Path.of(chain)) + Files.readString(Path.of(key)));
                        yield "ssl crt " + both;
                    }
                    case NODE -> "{cert: fs.readFileSync('%s'), key: fs.readFileSync('%s')}".formatted(chain, key);
                });
    }

    /** Makes a certificate of its own in the directory. */
    private static void certificate(Path home) throws Exception {
        Path openssl = Path.of("/usr/bin/openssl");
        Assumptions.assumeTrue(Files.isExecutable(openssl), "needs openssl");
        Process made = new ProcessBuilder(
                        openssl.toString(),
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-subj",
                        "/CN=localhost",
                        "-days",
                        "2",
                        "-keyout",
                        home + "/key.pem",
                        "-out",
                        home + "/cert.pem")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("openssl.out").toFile())
                .start();
        Assumptions.assumeTrue(made.waitFor() == 0, "openssl makes no certificate");
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void nginx(int onPort, Path accessLog, String settings) throws IOException {
        Path root = Files.createDirectories(home.resolve("nginx"));
        Path conf = Files.writeString(root.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/pid;
                error_log %1$s/error.log;
                events {}
                http {
                  log_format plain '$status $request_method $uri';
                  access_log %2$s plain;
                  %6$s
                  client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                  uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                  %4$s
                  server {
                    listen 127.0.0.1:%3$d %7$s;
                    location / { root %5$s/files; if ($request_method = POST) { return 200 "taken"; } }
                  }
                }
                """.formatted(
                        root,
                        accessLog,
                        onPort,
                        settings.replace("$PORT", String.valueOf(onPort)),
                        home,
                        settings.contains("client_max_body_size") ? "" : "client_max_body_size 8m;",
                        settings.contains("ssl_certificate") ? "ssl" : ""));
        run(Kind.NGINX, "-p", root.toString(), "-c", conf.toString());
    }

    private void apache(String settings) throws IOException {
        Path root = Files.createDirectories(home.resolve("apache"));
        Path conf = Files.writeString(root.resolve("apache.conf"), """
                ServerRoot %1$s
                ServerName localhost
                Listen 127.0.0.1:%2$d
                PidFile %1$s/pid
                DefaultRuntimeDir %1$s
                LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                %3$s
                ErrorLog %1$s/error.log
                LogFormat "%%>s %%m %%U" plain
                CustomLog %4$s plain
                DocumentRoot %5$s/files
                MaxKeepAliveRequests 0
                %6$s
                <Directory %5$s/files>
                  Require all granted
                </Directory>
                """.formatted(
                        root, port, isRoot() ? "User nobody\nGroup nogroup" : "", log, home, settings));
        run(Kind.APACHE, "-f", conf.toString(), "-DFOREGROUND");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void haproxy(String settings) throws Exception {
        Kind.NGINX.assumeInstalled();
        int behind = freePort();
        nginx(behind, home.resolve("behind.log"), "");
        awaitListening(behind);
        Path conf = Files.writeString(home.resolve("haproxy.cfg"), """
                global
                  nbthread 1  # of two that log at the same time, one gives up after some attempts
                  log stdout format raw local0
                defaults
                  mode http
                  log global
                  log-format "%%ST %%HM %%HPO"
                  option dontlognull
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                frontend front
                  bind 127.0.0.1:%d %s
                  default_backend back
                backend back
                  server nginx 127.0.0.1:%d
                """.formatted(port, settings, behind));
        start(
                Kind.HAPROXY,
                new ProcessBuilder(Kind.HAPROXY.program.toString(), "-f", conf.toString())
                        .redirectOutput(log.toFile())
                        .redirectError(home.resolve("haproxy.err").toFile()));
    }

    /** {@code secured} are the options of its TLS; empty = none. */
    private void node(String secured) throws IOException {
        Path script = Files.writeString(home.resolve("server.js"), """
                const fs = require('fs'), http = require('%s');
                const log = (status, request) => fs.appendFileSync('%s', `${status} ${request.method} ${request.url}\\n`);
                const server = http.createServer(%s(request, response) => {
                  let received = 0;
                  request.on('data', piece => received += piece.length);
                  request.on('end', () => {
                    const bare = {'/204': 204, '/304': 304, '/301': 301}[request.url];
                    if (bare) {
                      response.writeHead(bare, bare === 301 ? {Location: '/1k', 'Content-Length': 0} : {});
                      response.on('finish', () => log(bare, request));
                      response.end();
                      return;
                    }
                    if (request.url === '/hinted') {
                      response.writeEarlyHints({link: '</style.css>; rel=preload'});
                      response.writeHead(200, {Trailer: 'X-Sum', 'Transfer-Encoding': 'chunked'});
                      response.on('finish', () => log(200, request));
                      response.write('a'.repeat(1000));
                      response.addTrailers({'X-Sum': '1000'});
                      response.end();
                      return;
                    }
                    const file = '%s/files' + request.url;
                    const announced = Number(request.headers['content-length'] ?? 0);
                    const status = received !== announced ? 400 : fs.existsSync(file) ? 200 : 404;
                    response.on('finish', () => log(status, request));
                    const length = status === 200 ? fs.statSync(file).size : 0;
                    response.writeHead(status, request.url === '/1k' ? {} : {'Content-Length': length});
                    response.end(request.method === 'HEAD' || status !== 200 ? undefined : fs.readFileSync(file));
                  });
                }).listen(%d, '127.0.0.1');
                process.on('SIGTERM', () => server.close());
                """.formatted(
                secured.isEmpty() ? "http" : "https", log, secured.isEmpty() ? "" : secured + ", ", home, port));
        run(Kind.NODE, script.toString());
    }

    private void run(Kind kind, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(kind.program.toString()));
        command.addAll(List.of(arguments));
        start(
                kind,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve(kind + ".out").toFile()));
    }

    private void start(Kind kind, ProcessBuilder builder) throws IOException {
        processes.addFirst(new Running(builder.start(), kind));
    }

    private void awaitListening(int onPort) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", onPort));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !processes.getFirst().process().isAlive()) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Ends it, and returns what it has served: {@code 200 GET /1k}. It may write the line after its client has the whole response, so it is
     * not ended while it is still to do so.
     */
    List<String> served() throws Exception {
        for (Running each : processes) {
            assertThat(each.kind().graceful.send(each.process().pid())).isEqualTo(Errno.OK);
            assertThat(each.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        processes.clear();
        // HAProxy's also has what it says when it stops.
        return Files.readAllLines(log).stream()
                .map(String::strip)
                .filter(line -> Character.isDigit(line.charAt(0)))
                .toList();
    }

    @Override
    public void close() {
        for (Running each : processes) {
            each.process().destroy();
        }
        for (Running each : processes) {
            each.process().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
        processes.clear();
    }
}
