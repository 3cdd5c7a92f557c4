package io.tcplab.loadgen.rounds.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.RemoveContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an engine that is busy refuses at first is removed all the same. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EngineTest {

    /** An engine that answers the removal of any container with these, one after the other. */
    private static Engine answering(Queue<? extends RuntimeException> answers) {
        RemoveContainerCmd removal = of(RemoveContainerCmd.class, (self, method, _) -> {
            if (!method.getName().equals("exec")) {
                return self;
            }
            throw answers.remove();
        });
        return new Engine(of(DockerClient.class, (_, _, _) -> removal));
    }

    private static <T> T of(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(EngineTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void aRemovalThatIsRefusedIsAskedForAgain() {
        Queue<RuntimeException> answers = new ArrayDeque<>(List.of(
                new ConflictException("removal is already in progress"),
                new IllegalStateException("the engine cannot be reached"),
                new NotFoundException("it is gone")));
        answering(answers).removeContainer("any");
        assertThat(answers).isEmpty();
    }

    @Test
    void anInterruptedThreadRemovesAndStaysInterrupted() {
        Queue<RuntimeException> answers = new ArrayDeque<>(List.of(new NotFoundException("it is gone")));
        Thread.currentThread().interrupt();
        answering(answers).removeContainer("any");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answers).isEmpty();
    }
}
