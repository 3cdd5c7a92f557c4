package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.Endpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an element of {@code mix}, as far as the protocol gives them an effect.
 *
 * @param protocol what is spoken by a member that names no protocol of its own
 * @param ownServer whether the target is the user's own, and not a companion
 */
record MixKeys(Protocol protocol, boolean ownServer) {

    private static final Quantity ONE = new Quantity.Constant(1);
    private static final Quantity DEFAULT_SIZE = new Quantity.Constant(64);
    private static final Quantity NOTHING = new Quantity.Constant(0);

    private static final long LARGEST_REQUEST = 64L << 20;
    private static final long LARGEST_RESPONSE = 1L << 30;
    private static final long MOST_EXCHANGES = 1_000_000_000;
    private static final int MOST_MEMBERS = 100;

    private static final Key<MixMember, String> NAME =
            Key.required("name", Shapes.LABEL, MixMember::name, "labels the latencies of these connections");
    private static final Key<MixMember, Double> WEIGHT = Key.of(
            "weight", Shapes.WEIGHT, 1.0, MixMember::weight, "share of the connections, relative to the other weights");
    private static final Key<MixMember, Close> CLOSE =
            Key.of("close", CloseKeys.FORM, Close.CLIENT_FIN, MixMember::close, "which side closes first, and how");
    private static final Key<MixMember, Protocol> PROTOCOL = Key.optional(
            ProtocolKeys.PROTOCOL,
            ProtocolKeys.SHAPE,
            MixMember::protocol,
            "the protocol of this member, in place of the profile's");
    private static final Key<MixMember, Protocol.Http> HTTP =
            Key.optional(ProtocolKeys.HTTP, HttpKeys.FORM, _ -> null, "short for protocol: {http: …} of this member");
    private static final Key<MixMember, Script> SCRIPT = Key.optional(
            ProtocolKeys.SCRIPT, ScriptKeys.SHAPE, _ -> null, "short for protocol: {script: […]} of this member");

    private static final Key<MixMember, Endpoint> TARGET = Key.optional(
            "target",
            new TargetShape(),
            MixMember::target,
            "where this member's connections go in place of the profile's target or targets");

    private Key<MixMember, Quantity> exchanges() {
        return key(
                "exchanges",
                new QuantityShape(Measure.COUNT, has("exchanges") ? 1 : 0, MOST_EXCHANGES),
                has("exchanges") ? ONE : NOTHING,
                MixMember::exchanges,
                "requests per connection");
    }

    private Key<MixMember, Quantity> request() {
        return key(
                "request",
                new QuantityShape(Measure.SIZE, protocol.smallestRequest(), LARGEST_REQUEST),
                DEFAULT_SIZE,
                MixMember::requestBytes,
                "size of each request; with protocol tcplab, this includes its header of 16 bytes");
    }

    private Key<MixMember, Quantity> response() {
        return key(
                "response",
                new QuantityShape(Measure.SIZE, 0, LARGEST_RESPONSE),
                DEFAULT_SIZE,
                MixMember::responseBytes,
                "size of each response");
    }

    private Key<MixMember, Quantity> think() {
        return key(
                "think",
                new QuantityShape(Measure.DURATION, 0, Measure.LONGEST_NANOS),
                NOTHING,
                MixMember::thinkNanos,
                "pause between a response and the next request");
    }

    private Key<MixMember, Quantity> lifetime() {
        return Key.optional(
                "lifetime",
                new QuantityShape(Measure.DURATION, 1, Measure.LONGEST_NANOS),
                member -> has(member, "lifetime") ? member.lifetimeNanos() : null,
                "the connection closes after the first exchange that ends beyond this age, even if exchanges remain");
    }

    private Key<MixMember, Boolean> reconnect() {
        return Key.of(
                "reconnect",
                Shapes.FLAG,
                false,
                member -> has(member, "reconnect") ? member.reconnect() : null,
                "when the server closes as announced, continue with the remaining exchanges on a new connection");
    }

    /** A key whose value is only written where it has an effect. */
    private Key<MixMember, Quantity> key(
            String name,
            QuantityShape shape,
            Quantity otherwise,
            Function<MixMember, Quantity> getter,
            String sentence) {
        return Key.of(name, shape, otherwise, member -> has(member, name) ? getter.apply(member) : null, sentence);
    }

    private boolean has(String key) {
        return protocol.memberKeys().contains(key);
    }

    private boolean has(MixMember member, String key) {
        Protocol own = member.protocol();
        return (own == null ? protocol : own).memberKeys().contains(key);
    }

    /** Returns the shape of the whole list. */
    Shape<List<MixMember>> shape() {
        List<Key<MixMember, ?>> keys = List.of(
                NAME,
                WEIGHT,
                exchanges(),
                request(),
                response(),
                think(),
                lifetime(),
                reconnect(),
                CLOSE,
                PROTOCOL,
                HTTP,
                SCRIPT,
                TARGET);
        return new ListOf<>(new Form<>(keys, this::member), 1, MOST_MEMBERS);
    }

    /** Reads the list, and refuses members that do not go together. */
    List<MixMember> read(Value list) {
        List<MixMember> members = shape().read(list);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            String name = members.get(i).name();
            if (!names.add(name)) {
                throw list.items().get(i).meaning("the name " + quote(name) + " is already used by an earlier member");
            }
        }
        allCloseAlike(
                list,
                members.stream()
                        .filter(member -> (member.protocol() == null ? protocol : member.protocol())
                                .memberKeys()
                                .isEmpty())
                        .toList());
        return members;
    }

    private static void allCloseAlike(Value list, List<MixMember> members) {
        if (members.isEmpty()) {
            return;
        }
        Close first = members.getFirst().close();
        for (MixMember member : members) {
            boolean server = first.by() == Side.SERVER || member.close().by() == Side.SERVER;
            if (server && !member.close().equals(first)) {
                throw list.meaning(
                        "protocol none sends no request that could name the connections that the server should"
                                + " close, so all members closed by the server must close the same way; "
                                + member.name() + " differs from "
                                + members.getFirst().name());
            }
        }
    }

    private MixMember member(Given given) {
        Protocol own = ProtocolKeys.ofMember(given);
        return new MixKeys(own == null ? protocol : own, ownServer || given.has(TARGET.name())).member(given, own);
    }

    private MixMember member(Given given, @Nullable Protocol own) {
        refuseWithoutEffect(given);
        Quantity request = given.of(request());
        Quantity lifetime = given.find(lifetime());
        return new MixMember(
                name(given),
                given.of(WEIGHT),
                exchanges(given),
                request,
                has("request") && !has("response") ? request : given.of(response()),
                given.of(think()),
                lifetime,
                given.of(reconnect()),
                close(given),
                own,
                given.find(TARGET));
    }

    /** A setting that would silently do nothing is refused. */
    private void refuseWithoutEffect(Given given) {
        for (String key : List.of("request", "response", "think", "lifetime", "reconnect")) {
            Value value = given.place(key);
            if (value != null && !has(key)) {
                throw value.meaning("has no effect with protocol " + ProtocolShape.word(protocol) + "; remove it");
            }
        }
    }

    private static String name(Given given) {
        String name = given.of(NAME);
        if (FigureNames.FIRST_WORDS.contains(name)) {
            throw given.near(NAME)
                    .meaning(quote(name) + " is also the name of a figure, so thresholds would be ambiguous");
        }
        return name;
    }

    private Quantity exchanges(Given given) {
        Quantity exchanges = given.of(exchanges());
        if (!has("exchanges") && !exchanges.equals(NOTHING)) {
            throw given.near(exchanges())
                    .meaning("protocol " + ProtocolShape.word(protocol)
                            + " has no exchanges; remove the key, or write 0");
        }
        if (protocol.endsByClose() && exchanges.max() > 1) {
            throw given.near(exchanges())
                    .meaning("must be 1, as the script expects the peer to close at the end of an exchange");
        }
        return exchanges;
    }

    private Close close(Given given) {
        Close close = given.of(CLOSE);
        @Nullable String refusal = protocol.refusal(close, ownServer);
        if (refusal != null) {
            throw given.near(CLOSE).meaning(refusal);
        }
        return close;
    }
}
