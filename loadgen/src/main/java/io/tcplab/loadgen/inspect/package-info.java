/** Inspection: how a server treats connections, by a catalogue of checks with evidence and advice. */
@NullMarked
package io.tcplab.loadgen.inspect;

import org.jspecify.annotations.NullMarked;
