package io.tcplab.loadgen.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The native histograms of one metric in Prometheus' protobuf format, read by its numbers of fields (io.prometheus.client, metrics.proto),
 * independently of the library that wrote them.
 */
final class NativeHistograms {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    /** One series; {@code counts} by the number of the bucket, whose upper bound is 2^(number / 2^schema). */
    record Series(Map<String, String> labels, int schema, long samples, SortedMap<Integer, Long> counts) {

        /** Lower and upper bound of the bucket that holds the quantile. */
        List<Double> bucketOf(double quantile) {
            long before = 0;
            for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
                before += bucket.getValue();
                if (before >= Math.ceil(quantile * samples)) {
                    double two = 1 << schema;
                    return List.of(Math.pow(2, (bucket.getKey() - 1) / two), Math.pow(2, bucket.getKey() / two));
                }
            }
            throw new AssertionError("the buckets hold " + before + " of " + samples);
        }
    }

    private NativeHistograms() {}

    static List<Series> of(byte[] page, String name) {
        List<Series> found = new ArrayList<>();
        ByteBuffer families = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        while (families.hasRemaining()) {
            ByteBuffer family = part(families);
            List<ByteBuffer> metrics = new ArrayList<>();
            List<String> names = new ArrayList<>();
            each(family, (field, value) -> {
                if (field == 1) {
                    names.add(text((ByteBuffer) value));
                } else if (field == 4) {
                    metrics.add((ByteBuffer) value);
                }
            });
            if (names.contains(name)) {
                metrics.forEach(metric -> found.add(series(metric)));
            }
        }
        return found;
    }

    private static Series series(ByteBuffer metric) {
        Map<String, String> labels = new LinkedHashMap<>();
        List<ByteBuffer> histogram = new ArrayList<>();
        each(metric, (field, value) -> {
            if (field == 1) {
                List<String> pair = new ArrayList<>();
                each((ByteBuffer) value, (_, text) -> pair.add(text((ByteBuffer) text)));
                labels.put(pair.getFirst(), pair.getLast());
            } else if (field == 7) {
                histogram.add((ByteBuffer) value);
            }
        });
        long[] samples = new long[1];
        int[] schema = new int[1];
        List<long[]> spans = new ArrayList<>();
        List<Long> deltas = new ArrayList<>();
        each(histogram.getFirst(), (field, value) -> {
            switch (field) {
                case 1 -> samples[0] = (Long) value;
                case 5 -> schema[0] = (int) zigzag((Long) value);
                case 12 -> spans.add(span((ByteBuffer) value));
                case 13 -> {
                    if (value instanceof ByteBuffer packed) {
                        while (packed.hasRemaining()) {
                            deltas.add(zigzag(varint(packed)));
                        }
                    } else {
                        deltas.add(zigzag((Long) value));
                    }
                }
                default -> {
                    // classic buckets and what stands beside them
                }
            }
        });
        return new Series(labels, schema[0], samples[0], counts(spans, deltas));
    }

    private static long[] span(ByteBuffer span) {
        long[] offsetAndLength = new long[2];
        each(span, (field, value) -> offsetAndLength[field - 1] = field == 1 ? zigzag((Long) value) : (Long) value);
        return offsetAndLength;
    }

    /** The first offset is the number of the first bucket, the others are gaps; a count is written as its difference from the last one. */
    private static SortedMap<Integer, Long> counts(List<long[]> spans, List<Long> deltas) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        int number = 0;
        int at = 0;
        long count = 0;
        for (long[] span : spans) {
            number += (int) span[0];
            for (int i = 0; i < span[1]; i++) {
                count += deltas.get(at++);
                counts.put(number++, count);
            }
        }
        return counts;
    }

    private static void each(ByteBuffer message, BiConsumer<Integer, Object> field) {
        while (message.hasRemaining()) {
            long key = varint(message);
            Object value = switch ((int) (key & 7)) {
                case VARINT -> varint(message);
                case FIXED_64 -> message.getLong();
                case BYTES -> part(message);
                case FIXED_32 -> message.getInt();
                default -> throw new AssertionError("wire type of " + key);
            };
            field.accept((int) (key >> 3), value);
        }
    }

    private static ByteBuffer part(ByteBuffer message) {
        int length = (int) varint(message);
        ByteBuffer part = message.slice(message.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        message.position(message.position() + length);
        return part;
    }

    private static long varint(ByteBuffer message) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static long zigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
