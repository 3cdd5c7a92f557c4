package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.HdrHistogram.Histogram;

/**
 * Decodes the payload of a log line, HdrHistogram's compressed encoding V2 in Base64, straight into a sum: without a histogram for each
 * line, which would be some 150 kB of garbage, and without believing the sizes that a damaged header names. One thread.
 *
 * <p>The encoding is that of {@code AbstractHistogram.encodeIntoCompressedByteBuffer}: a cookie and a length, then deflated: a header of
 * 40 bytes and the counts as ZigZag LEB128, where a negative number is a run of zeros.
 */
final class HistogramPayload implements AutoCloseable {

    private static final int COMPRESSED_V2 = 0x1c849304;
    private static final int PLAIN_V2 = 0x1c849303;
    private static final int COOKIE_WORD_SIZE = 0xf0;
    private static final int HEADER_BYTES = 40;

    /** More buckets than any histogram of up to five digits over the whole range of a long has. */
    private static final int MOST_BUCKETS = 1 << 24;

    private final Inflater inflater = new Inflater();
    private final byte[] plain = new byte[1 << 14];
    private int at;
    private int end;

    /** Adds the histogram to {@code sum}. Throws where the payload is damaged; {@code sum} is then not to be used. */
    void addTo(Histogram sum, String base64) throws IOException {
        try {
            ByteBuffer outer = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
            check(
                    outer.remaining() >= 8 && (outer.getInt() & ~COOKIE_WORD_SIZE) == COMPRESSED_V2,
                    "its cookie is unknown");
            int length = outer.getInt();
            check(length >= 0 && length <= outer.remaining(), "it is cut off");
            inflater.reset();
            inflater.setInput(outer.array(), outer.position(), length);
            at = 0;
            end = 0;
            addInflated(sum);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException | DataFormatException e) {
            throw new IOException("a histogram is damaged: " + e.getMessage(), e);
        }
    }

    private void addInflated(Histogram sum) throws IOException, DataFormatException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        while (header.hasRemaining()) {
            header.put(next());
        }
        header.flip();
        check((header.getInt() & ~COOKIE_WORD_SIZE) == PLAIN_V2, "its inner cookie is unknown");
        int bytes = header.getInt();
        check(header.getInt() == 0, "its buckets are shifted");
        int digits = header.getInt();
        long lowest = header.getLong();
        check(digits >= 0 && digits <= 5 && lowest >= 1 && bytes >= 0, "its header is damaged");
        Buckets buckets = Buckets.of(lowest, digits);
        int index = 0;
        while (bytes > 0) {
            long number = 0;
            int taken = 0;
            for (boolean more = true; more; taken++) {
                byte part = next();
                // Eight groups of seven bits, then a whole byte: ZigZagEncoding of HdrHistogram.
                number |= (taken == 8 ? part & 0xffL : part & 0x7fL) << (7 * taken);
                more = part < 0 && taken < 8;
            }
            bytes -= taken;
            long count = (number >>> 1) ^ -(number & 1);
            check(count > -MOST_BUCKETS && index < MOST_BUCKETS, "it has too many buckets");
            if (count > 0) {
                sum.recordValueWithCount(buckets.valueAt(index), count);
            }
            index += count > 0 ? 1 : (int) Math.max(1, -count);
        }
    }

    private byte next() throws IOException, DataFormatException {
        if (at == end) {
            at = 0;
            end = inflater.inflate(plain);
            check(end > 0, "it is cut off");
        }
        return plain[at++];
    }

    private static void check(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException("a histogram is damaged: " + otherwise);
        }
    }

    /** How HdrHistogram numbers its buckets ({@code AbstractHistogram.valueFromIndex}). */
    private record Buckets(int unitMagnitude, int halfCountMagnitude) {

        static Buckets of(long lowest, int digits) {
            long singleUnit = 2 * (long) Math.pow(10, digits);
            int countMagnitude = 64 - Long.numberOfLeadingZeros(singleUnit - 1);
            return new Buckets(63 - Long.numberOfLeadingZeros(lowest), Math.max(countMagnitude, 1) - 1);
        }

        long valueAt(int index) {
            int halfCount = 1 << halfCountMagnitude;
            int bucket = (index >> halfCountMagnitude) - 1;
            int sub = (index & (halfCount - 1)) + halfCount;
            if (bucket < 0) {
                sub -= halfCount;
                bucket = 0;
            }
            int shift = bucket + unitMagnitude;
            if (shift > 62 - halfCountMagnitude) {
                throw new ArithmeticException("a value exceeds 63 bits");
            }
            return (long) sub << shift;
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
