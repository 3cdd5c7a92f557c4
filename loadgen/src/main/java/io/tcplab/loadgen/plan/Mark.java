package io.tcplab.loadgen.plan;

/**
 * Where something of a profile was written.
 *
 * @param source the file, or the option that overrides it
 * @param line from 1; 0 = the source as a whole
 * @param column from 1
 */
record Mark(String source, int line, int column) {

    static Mark whole(String source) {
        return new Mark(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
