package io.tcplab.companion;

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

/** Has companions serve by epoll and by io_uring; the latter is skipped where the kernel refuses it. */
final class EachTransport implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<Over> provideClassTemplateInvocationContexts(ExtensionContext context) {
        return Stream.of(new Over("epoll", null), new Over("io_uring", ServingTransport.refusal()));
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
            System.setProperty(ServingTransport.PROPERTY, transport);
        }

        @Override
        public void afterClassTemplateInvocation(ExtensionContext context) {
            System.clearProperty(ServingTransport.PROPERTY);
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return refusal == null
                    ? ConditionEvaluationResult.enabled("")
                    : ConditionEvaluationResult.disabled("needs io_uring: " + refusal);
        }
    }
}
