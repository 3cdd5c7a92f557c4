package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import org.jspecify.annotations.Nullable;

/**
 * Segments that are lost by name.
 *
 * @param side who sends them; absent = either
 * @param kind what they are
 * @param nth which of them, from 1; 0 = each
 * @param perConnection whether {@code nth} counts anew in every connection
 */
public record NamedLoss(@Nullable Side side, SegmentKind kind, long nth, boolean perConnection) {}
