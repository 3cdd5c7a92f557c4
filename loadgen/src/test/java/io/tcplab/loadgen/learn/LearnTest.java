package io.tcplab.loadgen.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.learn.Packets.Format;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.run.BadUsage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in a capture is what the profile says, and a file that is none is refused with a sentence. */
@Timeout(120)
class LearnTest {

    private static final Format PLAIN = new Format(false, false, false, 1, false, false);
    private static final long START = 1_800_000_000_000_000_000L;
    private static final long MILLI = 1_000_000L;

    @TempDir
    private Path home;

    private String learn(byte[] capture, Integer port) throws Exception {
        Path file = Files.write(home.resolve("traffic.pcap"), capture);
        Path out = home.resolve("learned.yaml");
        new LearnSession(file, out, port).run(new PrintWriter(new StringWriter()));
        return Files.readString(out);
    }

    private Profile profile(byte[] capture) throws Exception {
        learn(capture, null);
        return ProfileReader.read(home.resolve("learned.yaml"), List.of());
    }

    /** 800 short connections and 200 kept ones, 500 a second, evenly. */
    private static Packets mixed() {
        Packets packets = new Packets();
        for (int i = 0; i < 1_000; i++) {
            Packets.Connection one =
                    packets.connection(10_000 + i, START + i * 2 * MILLI).handshake();
            if (i % 5 == 0) {
                for (int j = 0; j < 20; j++) {
                    one.exchange(64, 3_000).after(10 * MILLI);
                }
                one.close(false);
            } else {
                one.exchange(64, 100).close(true);
            }
        }
        return packets;
    }

    static Stream<Format> formats() {
        return Stream.of(
                PLAIN,
                new Format(false, true, false, 1, false, false),
                new Format(false, false, true, 1, true, false),
                new Format(false, true, true, 113, false, false),
                new Format(false, false, false, 276, false, true),
                new Format(false, false, false, 101, false, false),
                new Format(false, false, true, 101, false, true),
                new Format(true, false, false, 1, false, true),
                new Format(true, true, true, 1, true, false),
                new Format(true, false, true, 276, false, false));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatGivesTheSameProfile(Format format) throws Exception {
        Profile profile = profile(mixed().write(format));
        Load.Open load = (Load.Open) profile.load();
        assertThat(load.segments()).hasSize(1);
        assertThat(load.segments().getFirst().fromPerSecond()).isBetween(498.0, 502.0);
        assertThat(load.arrivals()).isEqualTo(Load.Arrivals.CONSTANT);
        assertThat(profile.mix()).hasSize(2);

        MixMember single = profile.mix().getFirst();
        assertThat(single.weight()).isEqualTo(800);
        assertThat(single.exchanges()).isEqualTo(new Quantity.Constant(1));
        assertThat(single.requestBytes()).isEqualTo(new Quantity.Constant(64));
        assertThat(single.responseBytes()).isEqualTo(new Quantity.Constant(100));
        assertThat(single.close().by()).isEqualTo(Side.CLIENT);

        MixMember many = profile.mix().getLast();
        assertThat(many.weight()).isEqualTo(200);
        assertThat(many.exchanges()).isEqualTo(new Quantity.Constant(20));
        assertThat(many.responseBytes()).isEqualTo(new Quantity.Constant(3_000));
        assertThat(many.thinkNanos().max()).isBetween(10 * MILLI, 10 * MILLI + 100_000);
        assertThat(many.close().by()).isEqualTo(Side.SERVER);
    }

    private static byte[] arrivals(SplittableRandom random, double... rates) {
        Packets packets = new Packets();
        double seconds = 0;
        int port = 10_000;
        for (int step = 0; step < rates.length; step++) {
            while (seconds < 5 * (step + 1)) {
                packets.connection(port++, START + (long) (seconds * 1e9))
                        .handshake()
                        .exchange(64, 64)
                        .close(true);
                seconds += (random == null ? 1 : -Math.log(1 - random.nextDouble())) / rates[step];
            }
        }
        return packets.write(PLAIN);
    }

    @Test
    void aPoissonProcessIsKnownFromAClock() throws Exception {
        Load.Open poisson =
                (Load.Open) profile(arrivals(new SplittableRandom(51), 400)).load();
        assertThat(poisson.arrivals()).isEqualTo(Load.Arrivals.POISSON);
        assertThat(poisson.segments()).hasSize(1);
        assertThat(poisson.segments().getFirst().fromPerSecond()).isBetween(370.0, 430.0);
        Load.Open clock = (Load.Open) profile(arrivals(null, 400)).load();
        assertThat(clock.arrivals()).isEqualTo(Load.Arrivals.CONSTANT);
        assertThat(clock.segments().getFirst().fromPerSecond()).isBetween(399.0, 401.0);
    }

    @Test
    void stepsOfTheRateAreFoundWithTheirLengths() throws Exception {
        Load.Open load = (Load.Open)
                profile(arrivals(new SplittableRandom(52), 100, 400, 200)).load();
        List<Load.RateSegment> segments = load.segments();
        assertThat(segments).hasSize(3);
        assertThat(segments.get(0).fromPerSecond()).isBetween(85.0, 115.0);
        assertThat(segments.get(1).fromPerSecond()).isBetween(370.0, 430.0);
        assertThat(segments.get(2).fromPerSecond()).isBetween(180.0, 220.0);
        assertThat(segments.get(1).lengthNanos() / 1e9).isBetween(4.4, 5.6);
    }

    @Test
    void aClosedLoopOfKeptConnectionsIsOne() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 50; i++) {
            Packets.Connection one =
                    packets.connection(10_000 + i, START + i * 100_000).handshake();
            for (int j = 0; j < 200; j++) {
                one.exchange(37, 5).after(100_000);
            }
            one.close(true);
        }
        Profile profile = profile(packets.write(PLAIN));
        assertThat(profile.load()).isEqualTo(new Load.Closed(50));
        assertThat(profile.connections()).isEqualTo(50);
        assertThat(profile.mix()).singleElement().satisfies(member -> {
            assertThat(member.exchanges()).isEqualTo(new Quantity.Constant(200));
            assertThat(member.requestBytes()).isEqualTo(new Quantity.Constant(37));
            assertThat(member.thinkNanos().max()).isZero();
        });
    }

    @Test
    void connectionsThatFollowEachOtherAreAClosedLoop() throws Exception {
        Packets packets = new Packets();
        int port = 10_000;
        for (int slot = 0; slot < 4; slot++) {
            long now = START + slot * 100_000;
            while (now < START + 200 * MILLI) {
                Packets.Connection one = packets.connection(port++, now)
                        .handshake()
                        .exchange(64, 64)
                        .after((3 + slot) * MILLI)
                        .close(true);
                now = one.now() + 100_000;
            }
        }
        assertThat(profile(packets.write(PLAIN)).load()).isEqualTo(new Load.Closed(4));
    }

    /** Each is nearly over when the next one is due; a loop would begin 70 times as many where the server is quicker. */
    @Test
    void connectionsByTheClockThatHappenToFollowEachOtherAreAnOpenLoop() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 300; i++) {
            Packets.Connection one = packets.connection(10_000 + i, START + i * 10 * MILLI)
                    .handshake()
                    .exchange(64, 64)
                    .after(9 * MILLI + i * 37 % 200 * 2_000)
                    .close(true);
            assertThat(one.now()).isLessThan(START + (i + 1) * 10 * MILLI);
        }
        assertThat(profile(packets.write(PLAIN)).load()).isInstanceOf(Load.Open.class);
    }

    @Test
    void eachKindOfCloseIsAMemberOfItsOwn() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 400; i++) {
            Packets.Connection one =
                    packets.connection(10_000 + i, START + i * 5 * MILLI).handshake();
            switch (i % 4) {
                case 0 -> one.exchange(64, 64).send(true, Packets.RST | Packets.ACK, 0);
                case 1 ->
                    one.send(true, Packets.ACK, 64)
                            .send(true, Packets.FIN | Packets.ACK, 0)
                            .send(false, Packets.ACK, 500)
                            .send(false, Packets.FIN | Packets.ACK, 0);
                case 2 -> one.exchange(64, 64).send(false, Packets.RST, 0);
                default -> one.close(true);
            }
        }
        Profile profile = profile(packets.write(PLAIN));
        assertThat(profile.mix())
                .extracting(member -> member.close().by() + " " + member.close().how())
                .containsExactlyInAnyOrder("CLIENT RST", "CLIENT HALF_CLOSE", "SERVER RST", "CLIENT FIN");
        assertThat(profile.mix())
                .allSatisfy(member -> assertThat(member.weight()).isEqualTo(100));
    }

    @Test
    void aPauseIsWithoutTheWayToTheClient() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 50; i++) {
            packets.connection(10_000 + i, START + i * 30 * MILLI)
                    .send(true, Packets.SYN, 0)
                    .send(false, Packets.SYN | Packets.ACK, 0)
                    .after(40 * MILLI)
                    .send(true, Packets.ACK, 0)
                    .exchange(64, 64)
                    .after(40 * MILLI + 7 * MILLI)
                    .exchange(64, 64)
                    .close(true);
        }
        String yaml = learn(packets.write(PLAIN), null);
        assertThat(yaml).contains("    think: 7ms\n", "Round trip of the handshake: 40ms to 40ms");
    }

    @Test
    void whatIsSentAgainOrCapturedTwiceCountsOnce() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 10; i++) {
            packets.connection(10_000 + i, START + i * 100 * MILLI)
                    .handshake()
                    .send(true, Packets.ACK, 64)
                    .again(210 * MILLI, false)
                    .after(220 * MILLI)
                    .send(false, Packets.ACK, 64)
                    .again(10_000, true)
                    .close(true);
        }
        String yaml = learn(packets.write(PLAIN), null);
        assertThat(yaml)
                .contains("Retransmitted segments: 10.", "10 segments were captured twice")
                .contains("request: 64B", "response: 64B", "exchanges: 1\n");
    }

    /** As of a pool of connections that are kept for hours, of which the capture has a minute. */
    @Test
    void connectionsThatWereThereBeforeAndStayAreThatManyAtATime() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 50; i++) {
            Packets.Connection one = packets.connection(10_000 + i, START + i * 2 * MILLI);
            for (int j = 0; j < 100; j++) {
                one.exchange(37, 5).after(100 * MILLI);
            }
        }
        Profile profile = profile(packets.write(PLAIN));
        assertThat(profile.load()).isEqualTo(new Load.Closed(50));
        assertThat(profile.connections()).isEqualTo(50);
        assertThat(profile.mix()).singleElement().satisfies(member -> {
            assertThat(member.exchanges()).isEqualTo(new Quantity.Constant(100));
            assertThat(member.requestBytes()).isEqualTo(new Quantity.Constant(37));
        });
    }

    /** 300 that are kept, beside arrivals of a Poisson process: these do not follow each other because there are always as many. */
    @Test
    void connectionsThatWereThereBeforeAreNoArrivals() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 300; i++) {
            Packets.Connection one = packets.connection(30_000 + i, START + i * MILLI / 2);
            for (int j = 0; j < 9; j++) {
                one.exchange(64, 100).after(200 * MILLI);
            }
        }
        SplittableRandom random = new SplittableRandom(54);
        double seconds = 0;
        for (int port = 10_000; seconds < 2; port++) {
            packets.connection(port, START + (long) (seconds * 1e9))
                    .handshake()
                    .exchange(64, 100)
                    .close(true);
            seconds += -Math.log(1 - random.nextDouble()) / 500;
        }
        Load.Open load = (Load.Open) profile(packets.write(PLAIN)).load();
        assertThat(load.segments()).as("one rate from the beginning on").hasSize(1);
        assertThat(load.segments().getFirst().fromPerSecond()).isBetween(430.0, 570.0);
        assertThat(load.arrivals()).isEqualTo(Load.Arrivals.POISSON);
    }

    @Test
    void theLastSegmentsOfConnectionsFromBeforeAreNoConnections() throws Exception {
        Packets packets = mixed();
        for (int i = 0; i < 30; i++) {
            Packets.Connection one = packets.connection(20_000 + i, START + i * MILLI);
            switch (i % 3) {
                case 0 -> one.close(true);
                case 1 -> one.close(false);
                default -> one.send(false, Packets.RST, 0).send(true, Packets.ACK, 100);
            }
        }
        assertThat(learn(packets.write(PLAIN), null))
                .contains("1,000 connections.")
                .doesNotContain("began before the capture");
    }

    @Test
    void aServerThatWasAnsweringWhenTheCaptureBeganDoesNotSpeakFirst() throws Exception {
        Packets packets = mixed();
        packets.connection(20_000, START)
                .send(false, Packets.ACK, 500)
                .exchange(64, 100)
                .close(true);
        assertThat(learn(packets.write(PLAIN), null))
                .contains("1 connections began before the capture")
                .doesNotContain("speaks first");
    }

    /** tcpdump drops packets where it is too slow, and networks change their order. */
    @Test
    void bytesThatWereNotCapturedOrCameOutOfOrderAreKnownFromTheNumbers() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 40; i++) {
            Packets.Connection one = packets.connection(10_000 + i, START + i * 10 * MILLI)
                    .handshake()
                    .send(true, Packets.ACK, 64)
                    .send(false, Packets.ACK, 1_400);
            if (i % 2 == 0) {
                one.missed(false, 1_400).send(false, Packets.ACK, 1_400);
            } else {
                one.send(false, Packets.ACK, 1_400)
                        .send(false, Packets.ACK, 1_400)
                        .swapped();
            }
            one.close(true);
        }
        assertThat(learn(packets.write(PLAIN), null))
                .contains("request: 64B", "response: 4200B", "exchanges: 1\n")
                .containsOnlyOnce("- name:");
    }

    /** Not a half-close: the client's process had closed the socket, and its kernel answers what still comes. */
    @Test
    void aClientThatAnswersTheResponseByRstHadClosed() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 40; i++) {
            packets.connection(10_000 + i, START + i * 10 * MILLI)
                    .handshake()
                    .send(true, Packets.ACK, 64)
                    .send(true, Packets.FIN | Packets.ACK, 0)
                    .send(false, Packets.ACK, 500)
                    .send(true, Packets.RST, 0);
        }
        assertThat(learn(packets.write(PLAIN), null)).contains("close: {by: client, how: fin}");
    }

    @Test
    void whereEveryKindIsRareAllAreInTheMix() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 24; i++) {
            packets.connection(10_000 + i, START + i * 100 * MILLI)
                    .handshake()
                    .exchange(64, (int) Math.pow(10, i % 6))
                    .close(i % 4 < 2);
        }
        assertThat(profile(packets.write(PLAIN)).mix())
                .hasSizeGreaterThan(6)
                .allSatisfy(member -> assertThat(member.weight()).isLessThan(3));
    }

    /** Health checks, and connections that the server closes idle: no request could say which of them it is to close. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void silentConnectionsThatCloseInSeveralWaysAreAProfileAllTheSame(boolean othersExchange) throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 90; i++) {
            Packets.Connection one =
                    packets.connection(10_000 + i, START + i * 5 * MILLI).handshake();
            switch (i % 3) {
                case 0 -> one.close(true);
                case 1 -> one.close(false);
                default -> (othersExchange ? one.exchange(64, 64) : one).close(false);
            }
        }
        Profile profile = profile(packets.write(PLAIN));
        assertThat(profile.mix())
                .filteredOn(member -> profile.protocolOf(member) instanceof Protocol.None)
                .extracting(member -> member.close().by())
                .containsExactly(Side.CLIENT, Side.CLIENT);
        assertThat(Files.readString(home.resolve("learned.yaml"))).contains("# the server closed these");
    }

    /** A run has at least 10 ms. */
    @Test
    void arrivalsOfFewMillisecondsAreNoMoreInTheShortestRun() throws Exception {
        Packets packets = new Packets();
        for (int i = 0; i < 10; i++) {
            packets.connection(10_000 + i, START + i * MILLI / 2)
                    .handshake()
                    .exchange(64, 64)
                    .close(true);
        }
        Profile profile = profile(packets.write(PLAIN));
        Load.Open load = (Load.Open) profile.load();
        assertThat(load.segments().getFirst().fromPerSecond() * profile.durationNanos() / 1e9)
                .isBetween(9.9, 10.1);
    }

    @Test
    void refusedUnansweredAndCutConnectionsAreSaid() throws Exception {
        Packets packets = mixed();
        packets.connection(1_000, START).send(true, Packets.SYN, 0).send(false, Packets.RST | Packets.ACK, 0);
        packets.connection(1_001, START).send(true, Packets.SYN, 0);
        packets.connection(1_002, START).exchange(64, 64).exchange(64, 64);
        assertThat(learn(packets.write(PLAIN), null))
                .contains(
                        "SYNs refused: 1, unanswered: 1.", "1 connections began before the capture or ended after it");
        byte[] whole = packets.write(PLAIN);
        assertThat(learn(Arrays.copyOf(whole, whole.length - 3), null)).contains("the capture ends within a packet");
    }

    @Test
    void aSnapLengthThatCutsHeadersAndAnotherPortAreSaid() throws Exception {
        assertThatThrownBy(() -> learn(mixed().write(PLAIN), 81))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("has no TCP connection to port 81");
        byte[] other = new Packets().write(new Format(false, false, false, 105, false, false));
        assertThatThrownBy(() -> learn(other, null))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("no TCP connection");
    }

    @Test
    void filesThatAreNoCapturesAreRefusedWithASentence() {
        for (String text : List.of("", "a", "PK\3\4 not a capture at all", "\037\213 compressed", "#!/bin/sh\n")) {
            assertThatThrownBy(() -> learn(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), null))
                    .isInstanceOf(BadUsage.class)
                    .hasMessageContaining("traffic.pcap");
        }
        assertThatThrownBy(() ->
                        new LearnSession(home.resolve("absent"), null, null).run(new PrintWriter(new StringWriter())))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("does not exist");
    }

    /** Whatever the bytes are, there is a profile or a sentence. */
    @Test
    void damagedCapturesGiveAProfileOrASentence() throws Exception {
        SplittableRandom random = new SplittableRandom(53);
        List<byte[]> sound = formats().map(format -> few().write(format)).toList();
        int refused = 0;
        for (int i = 0; i < 1_200; i++) {
            byte[] damaged = sound.get(i % sound.size()).clone();
            int changes = 1 + random.nextInt(8);
            for (int j = 0; j < changes; j++) {
                int at = random.nextInt(i % 2 == 0 ? 120 : damaged.length);
                damaged[at] = (byte) random.nextInt();
            }
            try {
                profile(random.nextInt(4) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged);
            } catch (BadUsage e) {
                refused++;
                assertThat(e.getMessage()).contains("traffic.pcap").endsWith(".");
            }
        }
        assertThat(refused).isBetween(50, 1_150);
    }

    private static Packets few() {
        Packets packets = new Packets();
        for (int i = 0; i < 5; i++) {
            packets.connection(10_000 + i, START + i * 50 * MILLI)
                    .handshake()
                    .exchange(64, 3_000)
                    .close(i % 2 == 0);
        }
        return packets;
    }
}
