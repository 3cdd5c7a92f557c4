package io.tcplab.loadgen.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LedgerTest {

    @Test
    void aReadingHoldsEachCountUnderItsOwnName() {
        Ledger ledger = new Ledger();
        ledger.started();
        ledger.started();
        ledger.connectCalled();
        ledger.established();
        ledger.exchanged();
        ledger.aborted();
        ledger.closedFirst();
        ledger.ended(ConnectionOutcome.REFUSED);
        ledger.ended(ConnectionOutcome.COMPLETED);
        LedgerReading reading = ledger.read();
        assertThat(reading.started()).isEqualTo(2);
        assertThat(reading.connectCalls()).isEqualTo(1);
        assertThat(reading.established()).isEqualTo(1);
        assertThat(reading.exchanges()).isEqualTo(1);
        assertThat(reading.aborts()).isEqualTo(1);
        assertThat(reading.closedFirst()).isEqualTo(1);
        assertThat(reading.outcome(ConnectionOutcome.REFUSED)).isEqualTo(1);
        assertThat(reading.outcome(ConnectionOutcome.RESET)).isZero();
        assertThat(reading.ended()).isEqualTo(2);
        assertThat(reading.errors()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsCarriedOverLeavesTheWarmUp() {
        Ledger warmup = new Ledger();
        Ledger recorded = new Ledger();
        warmup.started();
        recorded.carryOver(warmup);
        recorded.ended(ConnectionOutcome.COMPLETED);
        assertThat(warmup.read().started()).isZero();
        assertThat(recorded.read().started()).isEqualTo(recorded.read().ended());
    }

    @Test
    void plusAndMinusUndoEachOther() {
        Ledger ledger = new Ledger();
        ledger.started();
        ledger.ended(ConnectionOutcome.RESET);
        LedgerReading before = ledger.read();
        ledger.started();
        ledger.exchanged();
        LedgerReading difference = ledger.read().minus(before);
        assertThat(difference.started()).isEqualTo(1);
        assertThat(difference.ended()).isZero();
        assertThat(before.plus(difference).exchanges()).isEqualTo(1);
    }
}
