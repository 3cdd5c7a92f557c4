package io.tcplab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoopWakerTest {

    private final FastCalls calls = new FastCalls();

    private boolean isReadable(int descriptor) {
        return Syscalls.poll(descriptor, NativeSocket.POLLIN, 0) == NativeSocket.POLLIN;
    }

    @Test
    void aLoopThatIsAboutToWaitIsWokenOnce() {
        try (LoopWaker waker = new LoopWaker()) {
            waker.wake();
            assertThat(isReadable(waker.descriptor())).as("it does not wait").isFalse();
            waker.aboutToWait();
            waker.wake();
            assertThat(isReadable(waker.descriptor())).isTrue();
        }
    }

    /** Somebody may have set about waking the loop before it closed: the descriptor's number is another's then. */
    @Test
    void nothingIsWrittenOnceItIsClosed() {
        LoopWaker waker = new LoopWaker();
        waker.close();
        int next = calls.eventFd();
        try {
            Assumptions.assumeTrue(next == waker.descriptor(), "another thread has taken the number");
            waker.aboutToWait();
            waker.wake();
            assertThat(isReadable(next)).isFalse();
            waker.close();
            calls.signal(next);
            assertThat(isReadable(next)).as("it is still open").isTrue();
        } finally {
            int _ = calls.close(next);
        }
    }
}
