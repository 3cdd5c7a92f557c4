package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.report.text.PrintableWriter;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;

/** What is at the other end of the standard streams, and how they are written: nothing that a terminal obeys but our own colours. */
final class Terminal {

    private Terminal() {}

    /** Whether both stdin and stdout are a terminal. */
    static boolean isInteractive() {
        Console console = System.console();
        return Optional.ofNullable(console).filter(Console::isTerminal).isPresent();
    }

    static Ink ink() {
        return Ink.of(isInteractive(), System.getenv());
    }

    static PrintWriter stdout() {
        return printable(FileDescriptor.out, System.out.charset());
    }

    static PrintWriter stderr() {
        return printable(FileDescriptor.err, System.err.charset());
    }

    /** Unlike System.out it remembers that a write failed: {@link PrintWriter#checkError}. */
    private static PrintWriter printable(FileDescriptor stream, Charset charset) {
        return new PrintWriter(
                new PrintableWriter(new OutputStreamWriter(new FileOutputStream(stream), charset), ink() == Ink.COLOUR),
                true);
    }
}
