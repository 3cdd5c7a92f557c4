package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.wire.UringWires;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has the tests of a class run over epoll and over io_uring; the latter are skipped where the kernel refuses it. */
final class EachTransport implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<Over> provideClassTemplateInvocationContexts(ExtensionContext context) {
        return Stream.of(new Over("epoll", null), new Over("io_uring", UringWires.refusal()));
    }

    /** One transport, and why it cannot be used. */
    record Over(String transport, @Nullable String refusal)
            implements ClassTemplateInvocationContext,
                    BeforeClassTemplateInvocationCallback,
                    AfterClassTemplateInvocationCallback,
                    ExecutionCondition {

        @Override
        public String getDisplayName(int invocationIndex) {
            return "over " + transport;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public void beforeClassTemplateInvocation(ExtensionContext context) {
            Profiles.transport(transport);
        }

        @Override
        public void afterClassTemplateInvocation(ExtensionContext context) {
            Profiles.transport("auto");
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return refusal == null
                    ? ConditionEvaluationResult.enabled("")
                    : ConditionEvaluationResult.disabled("needs io_uring: " + refusal);
        }
    }
}
