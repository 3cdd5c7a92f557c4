package io.tcplab.loadgen.judge.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every kind of warning, in the order in which they are told. A new one is its record and its line here. */
public final class Warnings {

    /**
     * A kind of warning.
     *
     * @param example for the page of all warnings
     * @param finder finds those of its kind in the facts of a run
     * @param ofKernels finds them where nothing but kernels was seen; absent where a run is needed
     */
    record Kind(
            RunWarning example,
            Function<Facts, List<RunWarning>> finder,
            @Nullable Function<Kernels, List<RunWarning>> ofKernels) {

        Kind(RunWarning example, Function<Facts, List<RunWarning>> finder) {
            this(example, finder, null);
        }

        static Kind ofKernels(RunWarning example, Function<Kernels, List<RunWarning>> finder) {
            return new Kind(example, facts -> finder.apply(facts.kernels()), finder);
        }
    }

    static final List<Kind> KINDS = List.of(
            new Kind(GeneratorStopped.EXAMPLE, GeneratorStopped::in),
            new Kind(CompanionLost.EXAMPLE, CompanionLost::in),
            new Kind(ServerEnded.EXAMPLE, ServerEnded::in),
            new Kind(ActionFailed.EXAMPLE, ActionFailed::in),
            new Kind(NothingRecorded.EXAMPLE, NothingRecorded::in),
            new Kind(PartFailed.EXAMPLE, PartFailed::in),
            new Kind(ShardLost.EXAMPLE, ShardLost::in),
            new Kind(GeneratorLost.EXAMPLE, GeneratorLost::in),
            new Kind(InvariantBroken.EXAMPLE, InvariantBroken::in),
            new Kind(LateCable.EXAMPLE, LateCable::in),
            new Kind(GeneratorSaturated.EXAMPLE, GeneratorSaturated::in),
            new Kind(OfferedRateNotReached.EXAMPLE, OfferedRateNotReached::in),
            new Kind(RequestRateNotReached.EXAMPLE, RequestRateNotReached::in),
            new Kind(ResumptionMissed.EXAMPLE, ResumptionMissed::in),
            new Kind(TlsUnverified.EXAMPLE, TlsUnverified::in),
            new Kind(UnexpectedResponses.EXAMPLE, UnexpectedResponses::in),
            new Kind(ExchangesNotBegun.EXAMPLE, ExchangesNotBegun::in),
            new Kind(ClosedUnannounced.EXAMPLE, ClosedUnannounced::in),
            new Kind(ExchangesTimedOut.EXAMPLE, ExchangesTimedOut::in),
            new Kind(ConnectionsReset.EXAMPLE, ConnectionsReset::in),
            new Kind(NagleMeetsDelayedAck.EXAMPLE, NagleMeetsDelayedAck::in),
            new Kind(ConnectQueueing.EXAMPLE, ConnectQueueing::in),
            new Kind(LeftoverTimeWait.EXAMPLE, LeftoverTimeWait::in),
            new Kind(LocalPortsExhausted.EXAMPLE, LocalPortsExhausted::in),
            new Kind(PortSearchCliff.EXAMPLE, PortSearchCliff::in),
            new Kind(DescriptorsExhausted.EXAMPLE, DescriptorsExhausted::in),
            new Kind(ConntrackFull.EXAMPLE, ConntrackFull::in),
            new Kind(PacketsDroppedHere.EXAMPLE, PacketsDroppedHere::in),
            new Kind(SynRetryClusters.EXAMPLE, SynRetryClusters::in),
            new Kind(ForeignTraffic.EXAMPLE, ForeignTraffic::in),
            Kind.ofKernels(TimeWaitBucketOverflow.EXAMPLE, TimeWaitBucketOverflow::in),
            Kind.ofKernels(CloseWaitStays.EXAMPLE, CloseWaitStays::in),
            Kind.ofKernels(ResetsByUnreadData.EXAMPLE, ResetsByUnreadData::in),
            new Kind(ClockUncertain.EXAMPLE, ClockUncertain::in),
            new Kind(WallClocksApart.EXAMPLE, WallClocksApart::in),
            new Kind(GeneratorLate.EXAMPLE, GeneratorLate::in),
            new Kind(CoresShared.EXAMPLE, CoresShared::in),
            new Kind(ObserverLost.EXAMPLE, ObserverLost::in),
            new Kind(ObserverPaused.EXAMPLE, ObserverPaused::in),
            Kind.ofKernels(ServerOutOfDescriptors.EXAMPLE, ServerOutOfDescriptors::in),
            Kind.ofKernels(ServerStopped.EXAMPLE, ServerStopped::in),
            Kind.ofKernels(AcceptQueueOverflowed.EXAMPLE, AcceptQueueOverflowed::in),
            Kind.ofKernels(AcceptQueueFull.EXAMPLE, AcceptQueueFull::in),
            Kind.ofKernels(NothingAccepted.EXAMPLE, NothingAccepted::in),
            new Kind(ListenerWentAway.EXAMPLE, ListenerWentAway::in, ListenerWentAway::in),
            new Kind(IdleClosed.EXAMPLE, IdleClosed::in),
            new Kind(ListenerBacklogClamped.EXAMPLE, ListenerBacklogClamped::in),
            Kind.ofKernels(SynQueueDrops.EXAMPLE, SynQueueDrops::in),
            Kind.ofKernels(SynBacklogReserved.EXAMPLE, SynBacklogReserved::in),
            Kind.ofKernels(SynCookiesSent.EXAMPLE, SynCookiesSent::in),
            new Kind(GcPauses.EXAMPLE, GcPauses::in),
            new Kind(TooFewSamples.EXAMPLE, TooFewSamples::in));

    private Warnings() {}

    /** What these facts give cause for. A fault in finding one kind costs that kind, and the result its validity. */
    public static List<RunWarning> in(Facts facts) {
        List<RunWarning> found = new ArrayList<>();
        for (Kind kind : KINDS) {
            try {
                found.addAll(kind.finder().apply(facts));
            } catch (RuntimeException e) {
                found.add(new PartFailed(kind.example().code() + ": " + e));
            }
        }
        return found;
    }

    /** What the kernels alone give cause for, by the same rules. */
    public static List<RunWarning> in(Kernels seen) {
        List<RunWarning> found = new ArrayList<>();
        for (Kind kind : KINDS) {
            Function<Kernels, List<RunWarning>> finder = kind.ofKernels();
            if (finder != null) {
                found.addAll(finder.apply(seen));
            }
        }
        return found;
    }

    /** Those that are judged by what is there at the end, or by what is known only then. */
    private static final Set<Class<? extends RunWarning>> AT_THE_END =
            Set.of(CloseWaitStays.class, ResetsByUnreadData.class);

    /** What the kernels give cause for while the load still runs: what will not be taken back at the end. */
    public static List<RunWarning> soFar(Kernels seen) {
        return in(seen).stream()
                .filter(warning -> !AT_THE_END.contains(warning.getClass()))
                .toList();
    }

    /** Whether the result is to be believed. */
    public static boolean leaveValid(List<RunWarning> warnings) {
        return warnings.stream().noneMatch(RunWarning::invalidates);
    }
}
