package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.run.StartedServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server that is asked, and how.
 *
 * @param asked as the user wrote it
 * @param address where connections go
 * @param http whether it is asked over HTTP; otherwise by connections alone
 * @param script what is said where it is not HTTP; absent where connections alone are made, or HTTP is spoken
 * @param path of requests
 * @param largePath of a response of some megabytes, for the slow reader; absent where the user names none
 * @param patienceNanos how long a timeout of the server is waited for
 * @param longRun whether that is long enough to call its absence a finding, and limits are looked for further up
 * @param tls how connections are secured; absent where they are plain
 * @param started the server where tcplab started it; absent where it is somebody's
 * @param reload command that reloads the server; empty for none
 */
public record Subject(
        Endpoint asked,
        InetSocketAddress address,
        boolean http,
        @Nullable ScriptTalk script,
        String path,
        @Nullable String largePath,
        long patienceNanos,
        boolean longRun,
        @Nullable TlsClient tls,
        @Nullable StartedServer started,
        List<String> reload) {

    /** A request without a body, by HTTP/1.1; {@code fields} are whole lines without their ends. */
    public String request(String method, String target, String... fields) {
        StringBuilder text = new StringBuilder(
                method + " " + target + " HTTP/1.1\r\nHost: " + asked + "\r\nUser-Agent: tcplab-inspect\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** Whether it answers requests, in whatever protocol. */
    public boolean answers() {
        return http || script != null;
    }

    /** The first bytes of a request. */
    public byte[] firstBytes() {
        ScriptTalk talk = script;
        return talk == null ? get().getBytes(StandardCharsets.ISO_8859_1) : talk.firstBytes();
    }

    /** GET of the path. */
    public String get(String... fields) {
        return request("GET", path, fields);
    }
}
