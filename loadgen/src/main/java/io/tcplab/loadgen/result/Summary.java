package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run's result: what {@code summary.json} holds. The components of its parts stand side by side there, in the order of the parts,
 * and each component is a key.
 *
 * @param head which run it was
 * @param verdict whether to believe it and whether it kept its limits
 * @param measured what became of the connections
 * @param observed what was seen beside them: kernels, processes, clocks
 * @param interrupted whether the run ended before its time
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Summary(
        @JsonUnwrapped Head head,
        @JsonUnwrapped Verdict verdict,
        @JsonUnwrapped Measured measured,
        @JsonUnwrapped Observed observed,
        boolean interrupted) {

    public static final int SCHEMA_VERSION = 1;

    /** The same result with another verdict. */
    public Summary with(Verdict other) {
        return new Summary(head, other, measured, observed, interrupted);
    }

    /** The same result with what the server's processes used. */
    public Summary with(ServerProcess server) {
        return new Summary(head, verdict, measured, observed.with(server), interrupted);
    }

    /** The same result with what was done during the load. */
    public Summary with(List<ActionReport> done) {
        return new Summary(head, verdict, measured, observed.with(done), interrupted);
    }

    /** The same result with the generators that it came from. */
    public Summary from(List<OneGenerator> each) {
        return new Summary(head, verdict, measured, observed.from(each), interrupted);
    }

    /** The same result with what one of several generators counted. */
    public Summary with(Counted ofSeveral) {
        return new Summary(head, verdict, measured, observed.with(ofSeveral), interrupted);
    }

    public @Nullable Counted counted() {
        return observed.counted();
    }

    /** The generators that it came from, where several joined; else empty. */
    public List<OneGenerator> generators() {
        return observed.generators();
    }

    /** The same result with what lay between the sides. */
    public Summary with(NetworkFigures between) {
        return new Summary(head, verdict, measured, observed.with(between), interrupted);
    }

    public @Nullable NetworkFigures network() {
        return observed.network();
    }

    public List<ActionReport> actions() {
        return observed.actions();
    }

    public int schemaVersion() {
        return head.schemaVersion();
    }

    public String profile() {
        return head.profile();
    }

    public Head.@Nullable Target target() {
        return head.target();
    }

    public Instant startedAt() {
        return head.startedAt();
    }

    public double durationSeconds() {
        return head.durationSeconds();
    }

    public long seed() {
        return head.seed();
    }

    public boolean valid() {
        return verdict.valid();
    }

    public List<Verdict.Warning> warnings() {
        return verdict.warnings();
    }

    public List<Verdict.ThresholdResult> thresholds() {
        return verdict.thresholds();
    }

    public Measured.Rates rates() {
        return measured.rates();
    }

    public Outcomes outcomes() {
        return measured.outcomes();
    }

    public Measured.@Nullable Held held() {
        return measured.held();
    }

    public Exchanges exchanges() {
        return measured.exchanges();
    }

    public List<Measured.Cause> causes() {
        return measured.causes();
    }

    public List<Measured.Mix> mixes() {
        return measured.mixes();
    }

    public List<TargetFigures> targets() {
        return measured.targets();
    }

    public Latencies latencies() {
        return measured.latencies();
    }

    public Measured.@Nullable Http http() {
        return measured.http();
    }

    public @Nullable TlsFigures tls() {
        return measured.tls();
    }

    public @Nullable TcpInfoFigures tcpInfo() {
        return measured.tcpInfo();
    }

    public KernelFigures kernel() {
        return observed.kernel();
    }

    public List<Reconciled> reconciliation() {
        return observed.reconciliation();
    }

    public Observed.Generator generator() {
        return observed.generator();
    }

    public @Nullable ServerProcess server() {
        return observed.server();
    }

    public Observed.Warmup warmup() {
        return observed.warmup();
    }

    public @Nullable ClockOffset clockOffset() {
        return observed.clockOffset();
    }

    public @Nullable Leftovers before() {
        return observed.before();
    }

    /** Whether every threshold was kept. */
    public boolean thresholdsKept() {
        return thresholds().stream().allMatch(Verdict.ThresholdResult::passed);
    }

    public static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
