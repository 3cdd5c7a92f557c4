package io.tcplab.loadgen.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A share of an option: {@code 10%} or {@code 0.1}. */
final class ShareOption implements ITypeConverter<Double> {

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?)(%?)");

    @Override
    public Double convert(String value) {
        Matcher share = SHARE.matcher(value);
        if (!share.matches()) {
            throw new TypeConversionException("'" + value + "' is not a share such as 10%");
        }
        double number = Double.parseDouble(share.group(1));
        return share.group(2).isEmpty() ? number : number / 100;
    }
}
