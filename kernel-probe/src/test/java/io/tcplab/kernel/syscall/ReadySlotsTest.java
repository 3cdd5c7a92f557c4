package io.tcplab.kernel.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
final class ReadySlotsTest {

    private final ReadySlots ready = new ReadySlots();

    @Test
    void theOldestIsTakenFirst() {
        ready.add(7);
        ready.add(0);
        ready.add(3);
        assertEquals(3, ready.count());
        assertEquals(7, ready.takeFirst());
        assertEquals(0, ready.takeFirst());
        assertEquals(3, ready.takeFirst());
        assertEquals(0, ready.count());
    }

    @Test
    void aSlotThatIsInTheChainKeepsItsPlace() {
        ready.add(1);
        ready.add(2);
        ready.add(1);
        ready.add(2);
        assertEquals(2, ready.count());
        assertEquals(1, ready.takeFirst());
        assertEquals(2, ready.takeFirst());
    }

    @Test
    void aSlotThatWasTakenCanBeAddedAgainBehindTheOthers() {
        ready.add(1);
        ready.add(2);
        assertEquals(1, ready.takeFirst());
        assertFalse(ready.contains(1));
        ready.add(1);
        assertTrue(ready.contains(1));
        assertEquals(2, ready.takeFirst());
        assertEquals(1, ready.takeFirst());
        ready.add(5);
        assertEquals(5, ready.takeFirst());
    }

    @Test
    void slotsBeyondTheFirstRoomAreTakenAsWell() {
        assertFalse(ready.contains(100_000));
        ready.add(100_000);
        for (int slot = 0; slot < 1_000; slot++) {
            ready.add(slot);
        }
        assertTrue(ready.contains(100_000));
        assertFalse(ready.contains(99_999));
        assertEquals(100_000, ready.takeFirst());
        for (int slot = 0; slot < 1_000; slot++) {
            assertEquals(slot, ready.takeFirst());
        }
        assertEquals(0, ready.count());
    }
}
