package io.tcplab.companion.control;

import io.tcplab.kernel.host.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration of an option, written as in a profile: {@code 10s}, {@code 250ms}. */
public class DurationOption implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String value) {
        try {
            return DurationText.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    /** The same, where a bare number is seconds, as sleep(1) has it. */
    public static final class OrSeconds extends DurationOption {
        @Override
        public Duration convert(String value) {
            return super.convert(value.matches("\\d+") ? value + "s" : value);
        }
    }

    /** The same, where a bare number is milliseconds. */
    public static final class OrMillis extends DurationOption {
        @Override
        public Duration convert(String value) {
            return super.convert(value.matches("\\d+") ? value + "ms" : value);
        }
    }
}
