package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server prints when it cannot start, and what is made of it. */
class ServerStartTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx: [emerg] 7#7: setgid(33) failed (22: Invalid argument)",
                "2026/11/30 12:00:00 [emerg] 9#9: initgroups(www-data, 33) failed (1: Operation not permitted)",
                "nginx: [emerg] chown(\"body\", 33) failed (22: Invalid argument)",
                "[ALERT]    (7) : [haproxy.main()] Cannot set gid 33.",
                "(22)Invalid argument: AH00027: setgid: unable to set group id to Group 33",
                "su: cannot set groups: Operation not permitted",
                "setpriv: setresuid failed: Invalid argument",
                "Error setting groups whilst dropping privileges: Operation not permitted.",
                "failed to assume identity of user nobody: Invalid argument"
            })
    void aServerThatCannotBecomeAnotherUserIsRecognised(String line) {
        assertThat(OneUser.isRefused(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
                "configuration error: user not set in line 3",
                "changed user settings are loaded",
                "error: unknown directive \"usr\" in line 2"
            })
    void anotherComplaintIsNotTakenForOne(String line) {
        assertThat(OneUser.isRefused(line)).isFalse();
    }
}
