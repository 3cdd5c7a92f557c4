package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who belongs to a load. */
@Timeout(60)
class RosterIT {

    private final List<Socket> peers = new ArrayList<>();
    private ServerSocket door;
    private Roster roster;

    @BeforeEach
    void open() throws IOException {
        door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        roster = new Roster(2, List.of(), this::hear);
    }

    @AfterEach
    void close() throws IOException {
        roster.all().forEach(Member::close);
        for (Socket peer : peers) {
            peer.close();
        }
        door.close();
    }

    /** The first one dies just as the last one comes. */
    private void hear(String sentence) {
        if (sentence.endsWith("2 of 2")) {
            roster.all().getFirst().lose("it died");
        }
    }

    private Reception.Guest guest(String group) throws IOException {
        peers.add(new Socket(door.getInetAddress(), door.getLocalPort()));
        return new Reception.Guest(new MessageStream(door.accept()), Machine.here(), group);
    }

    @Test
    void whoIsLostWhenAllHaveComeIsMissedAndNotForgotten() throws Exception {
        roster.admit(guest(""));
        roster.admit(guest(""));
        assertThat(roster.complete()).isDone();
        assertThat(roster.all()).extracting(Member::lostBecause).containsExactly("it died", null);
    }

    @Test
    void aGroupMayHaveTheNameThatThoseWithoutOneAreGiven() throws Exception {
        roster.admit(guest(""));
        roster.admit(guest("others"));
        List<Group> groups = Group.of(roster.all(), List.of());
        assertThat(groups).hasSize(1).allMatch(group -> group.members().size() == 2);
    }
}
