package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** HOST:PORT of an option; {@code [::1]:80} as well. */
class EndpointOption implements ITypeConverter<Endpoint> {

    @Override
    public Endpoint convert(String value) {
        try {
            return parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    Endpoint parse(String value) {
        return Endpoint.parse(value);
    }

    /** One to listen on, where port 0 is any. */
    static final class Listening extends EndpointOption {
        @Override
        Endpoint parse(String value) {
            return Endpoint.parseListening(value);
        }
    }
}
