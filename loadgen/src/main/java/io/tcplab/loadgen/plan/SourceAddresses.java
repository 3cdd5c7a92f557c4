package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Local addresses of one family: addresses, ranges {@code a-b} and CIDR blocks, alone or in a list. */
final class SourceAddresses implements Shape<List<InetAddress>> {

    private static final int MOST = 65_536;
    private static final int BITS_OF_LARGEST_BLOCK = 16;
    private static final String ALLOWED =
            "an address, a range such as 127.0.0.1-127.0.0.8, or a block such as 198.18.0.0/24";
    private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9_.-]{1,32})?");
    private static final Pattern PREFIX = Pattern.compile("[0-9]{1,3}");

    @Override
    public List<InetAddress> read(Value value) {
        Set<InetAddress> sources = new LinkedHashSet<>();
        for (Value item : value.node() instanceof Node.Text ? List.of(value) : value.items()) {
            for (InetAddress address : addresses(item)) {
                if (!sources.add(address)) {
                    throw item.meaning(address.getHostAddress() + " is given twice");
                }
            }
            if (sources.size() > MOST) {
                throw value.meaning("has more than " + MOST + " addresses");
            }
        }
        if (sources.stream().map(Object::getClass).distinct().count() > 1) {
            throw value.meaning("mixes IPv4 and IPv6; one target has one family");
        }
        return List.copyOf(sources);
    }

    /** Consecutive addresses become ranges. */
    @Override
    public List<Object> write(List<InetAddress> sources) {
        List<Object> ranges = new ArrayList<>();
        int first = 0;
        for (int next = 1; next <= sources.size(); next++) {
            if (next == sources.size() || !follows(sources.get(next - 1), sources.get(next))) {
                String from = sources.get(first).getHostAddress();
                String to = sources.get(next - 1).getHostAddress();
                ranges.add(first == next - 1 ? from : from + "-" + to);
                first = next;
            }
        }
        return ranges;
    }

    private static boolean follows(InetAddress before, InetAddress after) {
        boolean scoped = before.getHostAddress().indexOf('%') >= 0
                || after.getHostAddress().indexOf('%') >= 0;
        return !scoped && number(before).add(BigInteger.ONE).equals(number(after));
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> one = JsonSchema.of("type", "string", "pattern", "^.{1,120}$");
        return JsonSchema.of("anyOf", List.of(one, JsonSchema.of("type", "array", "items", one)));
    }

    @Override
    public String allowed() {
        return ALLOWED + "; or a list of these";
    }

    private static List<InetAddress> addresses(Value item) {
        String text = item.text(Pattern.compile(".{1,120}"), ALLOWED);
        int slash = text.indexOf('/');
        int dash = text.indexOf('-');
        if (slash >= 0) {
            return block(item, usable(item, text.substring(0, slash)), text.substring(slash + 1));
        }
        if (dash >= 0 && text.indexOf('%') < 0) {
            return range(item, usable(item, text.substring(0, dash)), usable(item, text.substring(dash + 1)));
        }
        return List.of(usable(item, text));
    }

    private static List<InetAddress> range(Value item, InetAddress first, InetAddress last) {
        if (first.getClass() != last.getClass()) {
            throw item.meaning(quote(item.text()) + " begins in one address family and ends in the other");
        }
        BigInteger from = number(first);
        BigInteger count = number(last).subtract(from).add(BigInteger.ONE);
        if (count.signum() <= 0) {
            throw item.meaning(quote(item.text()) + " ends before it starts; write the lower address first");
        }
        if (count.bitLength() > BITS_OF_LARGEST_BLOCK + 1 || count.intValue() > MOST) {
            throw item.meaning(quote(item.text()) + " has more than " + MOST + " addresses");
        }
        return consecutive(from, count.intValue(), first.getAddress().length);
    }

    private static List<InetAddress> block(Value item, InetAddress address, String prefix) {
        int bits = address.getAddress().length * Byte.SIZE;
        int length = PREFIX.matcher(prefix).matches() ? Integer.parseInt(prefix) : -1;
        int shortest = address instanceof Inet4Address ? 24 : bits - BITS_OF_LARGEST_BLOCK;
        if (length < shortest || length > bits) {
            throw item.meaning(
                    quote(item.text()) + " is out of range; the prefix must be from /" + shortest + " to /" + bits);
        }
        int hostBits = bits - length;
        BigInteger from = number(address).shiftRight(hostBits).shiftLeft(hostBits);
        // The first and the last address of an IPv4 block belong to no host (RFC 1122 §3.2.1.3), except in /31 and /32.
        boolean trimmed = address instanceof Inet4Address && hostBits > 1;
        return consecutive(
                trimmed ? from.add(BigInteger.ONE) : from, (1 << hostBits) - (trimmed ? 2 : 0), bits / Byte.SIZE);
    }

    private static List<InetAddress> consecutive(BigInteger from, int count, int bytes) {
        List<InetAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(address(from.add(BigInteger.valueOf(i)), bytes));
        }
        return addresses;
    }

    static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static InetAddress address(BigInteger number, int bytes) {
        byte[] padded = new byte[bytes];
        byte[] digits = number.toByteArray();
        int used = Math.min(bytes, digits.length);
        System.arraycopy(digits, digits.length - used, padded, bytes - used, used);
        try {
            return InetAddress.getByAddress(padded);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes + " bytes are not an address", e);
        }
    }

    private static InetAddress usable(Value item, String text) {
        InetAddress address = literal(text);
        if (address == null) {
            throw item.meaning("must be " + ALLOWED + ", not " + quote(text));
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw item.meaning(quote(text) + " cannot be the source of a connection");
        }
        return address;
    }

    /** Returns the address that {@code text} spells, without asking any name service; null when it spells none. */
    static @Nullable InetAddress literal(String text) {
        try {
            if (IPV4.matcher(text).matches()) {
                return Inet4Address.ofLiteral(text);
            }
            return text.indexOf(':') >= 0 && IPV6.matcher(text).matches() ? Inet6Address.ofLiteral(text) : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
