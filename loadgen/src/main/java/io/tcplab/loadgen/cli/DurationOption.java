package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration of an option, written as in a profile: {@code 10s}, {@code 250ms}. */
final class DurationOption implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String value) {
        try {
            return Duration.ofNanos(DurationText.nanos(value));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
