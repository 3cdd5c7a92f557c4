package io.tcplab.loadgen.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DeadlineQueueTest {

    private final DeadlineQueue queue = new DeadlineQueue();
    private final List<String> log = new ArrayList<>();

    private final class Named extends DeadlineQueue.Entry {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        protected void due(long nowNanos) {
            log.add(name);
        }
    }

    @Test
    void entriesComeDueInTheOrderOfTheirDeadlines() {
        queue.set(new Named("late"), 30);
        queue.set(new Named("early"), 10);
        queue.set(new Named("middle"), 20);
        queue.expire(25);
        assertThat(log).containsExactly("early", "middle");
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void puttingADeadlineOffKeepsItFromComingDueEarly() {
        Named entry = new Named("entry");
        queue.set(entry, 10);
        queue.set(entry, 100);
        queue.expire(50);
        assertThat(log).isEmpty();
        queue.expire(100);
        assertThat(log).containsExactly("entry");
    }

    @Test
    void bringingADeadlineForwardLetsItComeDueInTime() {
        Named entry = new Named("entry");
        queue.set(entry, 100);
        queue.set(entry, 10);
        assertThat(queue.nextNanos()).isEqualTo(10);
        queue.expire(10);
        assertThat(log).containsExactly("entry");
    }

    @Test
    void aClearedEntryIsNeverDueAndCanBeSetAgain() {
        Named entry = new Named("entry");
        queue.set(entry, 10);
        queue.clear(entry);
        queue.clear(entry);
        queue.expire(1000);
        assertThat(log).isEmpty();
        queue.set(entry, 20);
        queue.expire(20);
        assertThat(log).containsExactly("entry");
    }

    @Test
    void anyMixOfOperationsAgreesWithASortedMap() {
        Random random = new Random(11);
        List<Named> entries = new ArrayList<>();
        TreeMap<Long, String> model = new TreeMap<>();
        long[] deadlineOf = new long[200];
        for (int i = 0; i < 200; i++) {
            entries.add(new Named("e" + i));
        }
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(200);
            model.remove(deadlineOf[i], "e" + i);
            if (random.nextInt(4) == 0) {
                queue.clear(entries.get(i));
            } else {
                // unique deadlines: the entry's number in the low digits
                deadlineOf[i] = (now + random.nextInt(500)) * 1000 + i;
                model.put(deadlineOf[i], "e" + i);
                queue.set(entries.get(i), deadlineOf[i]);
            }
            now += random.nextInt(3);
            log.clear();
            queue.expire(now * 1000);
            var due = model.headMap(now * 1000, true);
            assertThat(log).containsExactlyElementsOf(due.values());
            due.clear();
            assertThat(queue.size()).isEqualTo(model.size());
        }
    }
}
