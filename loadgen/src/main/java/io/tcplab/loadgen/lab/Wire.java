package io.tcplab.loadgen.lab;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.Cable;
import io.tcplab.kernel.cable.CableReading;
import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.CapturedPackets;
import io.tcplab.kernel.cable.DropReason;
import io.tcplab.kernel.cable.NamedLoss;
import io.tcplab.kernel.cable.PathSettings;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.namespace.NamespacePair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cable of ours between the two hosts: what an experiment has it do goes into the journal. For the thread that plays. */
final class Wire implements AutoCloseable {
    private static final int ETHERNET_MTU = 1500;

    /** Many experiments run at the same time, and none sends much. */
    private static final int RING_MEGABYTES = 4;

    private final Cable cable;
    private final Journal journal;

    private Wire(Cable cable, Journal journal) {
        this.cable = cable;
        this.journal = journal;
    }

    /** Joins a pair that was made apart by a cable that only carries. */
    static Wire between(NamespacePair pair, Journal journal) throws IOException {
        return new Wire(Cable.begin(pair, CableSettings.NOTHING, ETHERNET_MTU, 1, RING_MEGABYTES), journal);
    }

    /** Has the cable do this from now on; what is lost by its number counts from here. */
    void network(String words, CableSettings settings) {
        cable.change(settings);
        cable.countNamedAnew();
        journal.step("cable: " + words);
    }

    /** Loses each segment of a kind that a side sends, until it is closed. */
    Hold hold(Side from, SegmentKind kind) {
        CableSettings now = cable.settings();
        List<NamedLoss> lose = new ArrayList<>(now.lose());
        lose.add(new NamedLoss(from, kind, 0, false));
        return hold(from, kind.name(), new CableSettings(now.fromClient(), now.fromServer(), lose));
    }

    /** Loses all that a side sends, until it is closed. */
    Hold holdEverything(Side from) {
        CableSettings now = cable.settings();
        PathSettings nothingArrives = now.from(from).withLoss(1);
        return hold(
                from,
                "segment",
                switch (from) {
                    case CLIENT -> new CableSettings(nothingArrives, now.fromServer(), now.lose());
                    case SERVER -> new CableSettings(now.fromClient(), nothingArrives, now.lose());
                });
    }

    private Hold hold(Side from, String words, CableSettings settings) {
        CableSettings before = cable.settings();
        long lostBefore = lost(from);
        cable.change(settings);
        journal.step("cable: loses each " + words + " of the " + from.word());
        return new Hold() {
            @Override
            public long lost() {
                return Wire.this.lost(from) - lostBefore;
            }

            @Override
            public void close() {
                cable.change(before);
                journal.step("cable: carries all segments again; " + lost() + " were lost");
            }
        };
    }

    private long lost(Side from) {
        CableReading.Direction way = read().from(from);
        return way.dropped(DropReason.NAMED) + way.dropped(DropReason.LOSS);
    }

    /** What it has counted so far. */
    CableReading read() {
        return cable.read();
    }

    /** Hands every packet to this, from now on; absent = to nobody any more. */
    void capture(@Nullable CapturedPackets into) {
        cable.capture(into);
    }

    @Override
    public void close() {
        cable.close();
    }
}
