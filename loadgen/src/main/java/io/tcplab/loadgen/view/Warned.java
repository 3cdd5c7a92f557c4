package io.tcplab.loadgen.view;

import io.tcplab.loadgen.judge.warning.RunWarning;

/**
 * A warning as it is shown.
 *
 * @param code names its kind, of which one is shown, with its newest figures
 */
public record Warned(String code, String message, String advice) {

    static Warned of(RunWarning warning) {
        return new Warned(warning.code(), warning.message(), warning.advice());
    }
}
