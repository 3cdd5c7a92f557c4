package io.tcplab.kernel.cable;

/** Hands packets over at the far end when they are due, many by one call. One thread uses it. */
final class Delivery {

    private static final int SENT_AT_ONCE = 128;

    private final PacketStore store;
    private final Lateness late;
    private final int[] batch = new int[PacketSocket.BATCH];
    private final long[] batchDue = new long[PacketSocket.BATCH];

    /** How late each was goes to {@code late}. */
    Delivery(PacketStore store, Lateness late) {
        this.store = store;
        this.late = late;
    }

    /** Hands over what is due of this queue; returns how many packets were. */
    int deliver(DueQueue queue, PacketSocket end, Path path, long now) {
        int sent = 0;
        while (queue.firstDue() - now <= 0 && !queue.isEmpty() && sent < SENT_AT_ONCE) {
            int count = 0;
            while (count < batch.length && !queue.isEmpty() && queue.firstDue() - now <= 0) {
                batchDue[count] = queue.firstDue();
                int slot = queue.poll();
                batch[count] = slot;
                end.put(count, store.address(slot), store.lengths[slot]);
                count++;
            }
            send(path, end, count);
            sent += count;
        }
        return sent;
    }

    private void send(Path path, PacketSocket end, int count) {
        int done = 0;
        int tries = 0;
        while (done < count) {
            int result = end.send(done, count - done);
            long now = System.nanoTime();
            if (result > 0) {
                for (int i = done; i < done + result; i++) {
                    delivered(path, batch[i], batchDue[i], now);
                }
                done += result;
                tries = 0;
            } else if (++tries > 3) {
                path.drop(DropReason.SEND, store.kinds[batch[done]] != PacketStore.NOT_TCP);
                store.release(batch[done++]);
                tries = 0;
            }
        }
    }

    private void delivered(Path path, int slot, long due, long now) {
        late.record(now - due);
        path.deliver(store.kinds[slot] != PacketStore.NOT_TCP, store.lengths[slot], store.arrivedNanos[slot], now);
        store.release(slot);
    }
}
