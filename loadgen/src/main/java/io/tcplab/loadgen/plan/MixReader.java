package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.loadgen.plan.Close.By;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code mix}, and checks that the protocol can carry what each member asks for. */
final class MixReader {

    /** The request frame's header: no smaller request exists with protocol tcplab. */
    static final int SMALLEST_REQUEST = 16;

    static final Quantity DEFAULT_SIZE = new Quantity.Constant(64);
    static final Quantity NO_THINK = new Quantity.Constant(0);

    private static final long LARGEST_REQUEST = 64L << 20;
    private static final long LARGEST_RESPONSE = 1L << 30;
    private static final long MOST_EXCHANGES = 1_000_000_000;
    private static final int LONGEST_LINGER = 60;
    private static final int MOST_MEMBERS = 100;

    private static final Pattern NAME = Pattern.compile("(?![0-9-]+$)[a-zA-Z0-9_-]{1,64}");
    private static final Pattern LINGER = Pattern.compile("linger ([0-9]{1,9})s?");
    private static final Map<String, By> BY = Words.of(By.class);
    private static final Map<String, CloseStyle> HOW = Words.of(CloseStyle.class);
    private static final String HOW_WORDS = "one of fin, rst, half-close, linger 2s, abandon";

    private final Protocol protocol;
    private final boolean foreignTarget;

    private MixReader(Protocol protocol, boolean foreignTarget) {
        this.protocol = protocol;
        this.foreignTarget = foreignTarget;
    }

    static List<MixMember> read(Value value, Protocol protocol, boolean foreignTarget) {
        return new MixReader(protocol, foreignTarget).members(value);
    }

    private List<MixMember> members(Value list) {
        List<MixMember> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Value value : list.items()) {
            MixMember member = member(value);
            if (!names.add(member.name())) {
                throw value.meaning("the name " + quote(member.name()) + " is taken by an earlier member");
            }
            members.add(member);
        }
        if (members.isEmpty()) {
            throw list.shape("is empty; it wants at least one member such as {name: short}");
        }
        if (members.size() > MOST_MEMBERS) {
            throw list.meaning("has " + members.size() + " members; it may have " + MOST_MEMBERS);
        }
        if (protocol instanceof Protocol.None) {
            allCloseAlike(list, members);
        }
        return members;
    }

    private static void allCloseAlike(Value list, List<MixMember> members) {
        Close first = members.getFirst().close();
        for (MixMember member : members) {
            boolean server = first.by() == By.SERVER || member.close().by() == By.SERVER;
            if (server && !member.close().equals(first)) {
                throw list.meaning(
                        "with protocol none no request can tell the server which connections it is to close, so "
                                + "members that the server closes must all close the same way; " + member.name()
                                + " differs from "
                                + members.getFirst().name());
            }
        }
    }

    private MixMember member(Value value) {
        Section section =
                Section.of(value, "name", "weight", "exchanges", "request", "response", "think", "lifetime", "close");
        refuseWithoutEffect(section);
        boolean none = protocol instanceof Protocol.None;
        Value weight = section.find("weight");
        Value lifetime = section.find("lifetime");
        Quantity request = section.quantity("request", DEFAULT_SIZE, Measure.SIZE, smallestRequest(), LARGEST_REQUEST);
        return new MixMember(
                name(section.require("name", "it tags this member's latencies")),
                weight == null ? 1 : weight.weight(),
                none
                        ? noExchanges(section.find("exchanges"))
                        : section.quantity("exchanges", new Quantity.Constant(1), Measure.COUNT, 1, MOST_EXCHANGES),
                request,
                protocol instanceof Protocol.Echo
                        ? request
                        : section.quantity("response", DEFAULT_SIZE, Measure.SIZE, 0, LARGEST_RESPONSE),
                section.quantity("think", NO_THINK, Measure.DURATION, 0, Value.LONGEST_NANOS),
                lifetime == null ? null : lifetime.quantity(Measure.DURATION, 1, Value.LONGEST_NANOS),
                close(section.find("close")));
    }

    private int smallestRequest() {
        return protocol instanceof Protocol.Tcplab ? SMALLEST_REQUEST : 1;
    }

    /** A setting that would silently do nothing is refused. */
    private void refuseWithoutEffect(Section section) {
        List<String> idle = switch (protocol) {
            case Protocol.Tcplab _ -> List.of();
            case Protocol.Echo _ -> List.of("response");
            case Protocol.Http _ -> List.of("request", "response");
            case Protocol.None _ -> List.of("request", "response", "think", "lifetime");
        };
        for (String key : idle) {
            Value value = section.find(key);
            if (value != null) {
                throw value.meaning("has no effect with protocol " + ProtocolReader.word(protocol) + "; leave it out");
            }
        }
    }

    private static String name(Value value) {
        String name = value.text(NAME, "a name of at most 64 letters, digits, _ and -, with a letter in it");
        if (ThresholdReader.FIRST_WORDS.contains(name)) {
            throw value.meaning(quote(name) + " is the name of a figure; a threshold could not tell them apart");
        }
        return name;
    }

    private static Quantity noExchanges(@Nullable Value value) {
        if (value != null && !value.quantity(Measure.COUNT, 0, MOST_EXCHANGES).equals(new Quantity.Constant(0))) {
            throw value.meaning("protocol none has no exchanges; leave the key out, or write 0");
        }
        return new Quantity.Constant(0);
    }

    private Close close(@Nullable Value value) {
        if (value == null) {
            return Close.CLIENT_FIN;
        }
        Section section = Section.of(value, "by", "how", "awaitPeer");
        By by = section.word("by", By.CLIENT, BY);
        Value howValue = section.find("how");
        CloseStyle how = howValue == null ? CloseStyle.FIN : how(howValue);
        int lingerSeconds = how == CloseStyle.LINGER && howValue != null ? lingerSeconds(howValue) : 0;
        boolean awaitPeer = section.flag("awaitPeer", true);
        if (!awaitPeer && (by != By.CLIENT || how != CloseStyle.FIN)) {
            throw value.meaning("awaitPeer: false goes with by: client and how: fin only");
        }
        carriable(value, by, how);
        return new Close(by, how, lingerSeconds, awaitPeer);
    }

    private static CloseStyle how(Value value) {
        String text = value.text();
        if (LINGER.matcher(text).matches()) {
            return CloseStyle.LINGER;
        }
        CloseStyle how = HOW.get(text);
        if (how == CloseStyle.LINGER) {
            throw value.shape("linger wants its time, as in linger 2s");
        }
        if (how == null) {
            throw value.shape("wants " + HOW_WORDS + ", not " + quote(text) + Typo.didYouMean(text, HOW.keySet()));
        }
        return how;
    }

    private static int lingerSeconds(Value value) {
        Matcher linger = LINGER.matcher(value.text());
        int seconds = linger.matches() ? Integer.parseInt(linger.group(1)) : 0;
        if (seconds == 0) {
            throw value.meaning("a linger time of 0 is an abort (RST); write rst");
        }
        if (seconds > LONGEST_LINGER) {
            throw value.meaning(quote(value.text()) + " is not allowed; it goes from 1s to " + LONGEST_LINGER + "s");
        }
        return seconds;
    }

    /** Whether the protocol can bring it about that this side closes this way. */
    private void carriable(Value value, By by, CloseStyle how) {
        switch (protocol) {
            case Protocol.Tcplab _ -> {}
            case Protocol.Echo _ -> {
                if (by == By.SERVER && !foreignTarget) {
                    throw value.meaning("an echo request cannot ask the companion to close; "
                            + "close by: client, use protocol tcplab, or name a target that closes by itself");
                }
                if (by == By.SERVER && how != CloseStyle.FIN && how != CloseStyle.RST) {
                    throw value.meaning("from an echo server only fin and rst can be told apart; write one of them");
                }
            }
            case Protocol.Http _ -> {
                if (by == By.SERVER && how != CloseStyle.FIN) {
                    throw value.meaning(
                            "an HTTP server can be asked to close (Connection: close) but not how; write how: fin");
                }
            }
            case Protocol.None _ -> {
                if (how == CloseStyle.HALF_CLOSE) {
                    throw value.meaning(
                            "half-close needs a request to follow, and protocol none has none; write how: fin");
                }
            }
        }
    }
}
