package io.tcplab.loadgen.connection.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ExpectedInputTest {

    private final ExpectedInput input = new ExpectedInput();
    private final List<String> read = new ArrayList<>();
    private final List<String> inEpoll = new ArrayList<>();

    /** A socket that has so many messages, and expects as many as it is told to. */
    private final class Socket implements ExpectedInput.Reader {
        private final String name;
        private int messages;
        private int wanted;
        private boolean expected;
        private boolean foundNothing;

        Socket(String name, int messages, int wanted) {
            this.name = name;
            this.messages = messages;
            this.wanted = wanted;
        }

        Socket expecting() {
            input.add(this);
            return this;
        }

        @Override
        public void read() {
            foundNothing = messages == 0;
            if (!foundNothing) {
                messages--;
                wanted--;
                read.add(name);
            }
            if (wanted > 0) {
                input.add(this);
            }
        }

        @Override
        public boolean foundNothing() {
            return foundNothing;
        }

        @Override
        public boolean isExpected() {
            return expected;
        }

        @Override
        public void expected(boolean isExpected) {
            expected = isExpected;
        }

        @Override
        public void awaitInput() {
            expected = false;
            inEpoll.add(name);
        }
    }

    private Socket socket(String name, int messages) {
        return new Socket(name, messages, 1).expecting();
    }

    @Test
    void readsInTheOrderInWhichItWasAskedFor() {
        socket("a", 1);
        socket("b", 1);
        assertThat(input.look()).isEqualTo(2);
        assertThat(read).containsExactly("a", "b");
        assertThat(input.isEmpty()).isTrue();
        assertThat(inEpoll).isEmpty();
    }

    @Test
    void stopsAtTheFirstThatHasNothingAndLooksAtItFirstTheNextTime() {
        Socket late = socket("late", 0);
        socket("early", 1);
        assertThat(input.look()).isZero();
        assertThat(read).isEmpty();
        late.messages = 1;
        assertThat(input.look()).isEqualTo(2);
        assertThat(read).containsExactly("late", "early");
    }

    @Test
    void aSocketThatExpectsMoreGoesToTheEndAndHasItsTurnTheNextTime() {
        new Socket("often", 2, 2).expecting();
        socket("once", 1);
        assertThat(input.look()).isEqualTo(2);
        assertThat(read).containsExactly("often", "once");
        assertThat(input.look()).isEqualTo(1);
        assertThat(read).endsWith("often");
    }

    @Test
    void epollGetsTheOldestOfTooMany() {
        for (int i = 0; i < 17; i++) {
            socket("s" + i, 1);
        }
        assertThat(inEpoll).containsExactly("s0");
        assertThat(input.look()).isEqualTo(16);
        assertThat(read).startsWith("s1").endsWith("s16");
    }

    @Test
    void epollGetsAllBeforeTheLoopWaits() {
        socket("a", 0);
        socket("b", 1);
        input.awaitAll();
        assertThat(inEpoll).containsExactly("a", "b");
        assertThat(input.isEmpty()).isTrue();
        assertThat(input.look()).isZero();
    }

    @Test
    void aSocketThatHasEndedIsPassedOver() {
        socket("ended", 1).expected(false);
        socket("alive", 1);
        assertThat(input.look()).isEqualTo(1);
        assertThat(read).containsExactly("alive");
    }

    @Test
    void whereLooksFindNothingEpollGetsTheSocketAtOnceButOneNowAndThen() {
        for (int i = 0; i < 100; i++) {
            socket("far", 0);
            input.awaitAll();
        }
        inEpoll.clear();
        int triedAgain = 0;
        for (int i = 0; i < 1000; i++) {
            socket("far", 0);
            triedAgain += input.isEmpty() ? 0 : 1;
            input.awaitAll();
        }
        assertThat(inEpoll).hasSize(1000);
        assertThat(triedAgain).isBetween(1, 10);
    }
}
