package io.tcplab.loadgen.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A share of an option: {@code 10%} or {@code 0.1}; not {@code 10}, which may be meant as either. */
final class ShareOption implements ITypeConverter<Double> {

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?)(%?)");

    @Override
    public Double convert(String value) {
        Matcher share = SHARE.matcher(value);
        boolean percent = share.matches() && !share.group(2).isEmpty();
        double number = share.matches() ? Double.parseDouble(share.group(1)) : Double.NaN;
        if (!percent && !(number < 1)) {
            throw new TypeConversionException("'" + value + "' is not a share such as 10% or 0.1");
        }
        return percent ? number / 100 : number;
    }

    /** A number of percent, with or without its sign: {@code 3} or {@code 3%}. */
    static final class Percent implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            Matcher share = SHARE.matcher(value);
            if (!share.matches()) {
                throw new TypeConversionException("'" + value + "' is not a percentage such as 3%");
            }
            return Double.valueOf(share.group(1));
        }
    }
}
