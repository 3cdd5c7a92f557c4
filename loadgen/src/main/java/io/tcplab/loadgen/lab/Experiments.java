package io.tcplab.loadgen.lab;

import io.tcplab.loadgen.lab.close.AbortiveCloseSendsReset;
import io.tcplab.loadgen.lab.close.BothCloseAtOnce;
import io.tcplab.loadgen.lab.close.BothConnectAtOnce;
import io.tcplab.loadgen.lab.close.ClientClosesThenServer;
import io.tcplab.loadgen.lab.close.CloseWaitUntilTheApplicationCloses;
import io.tcplab.loadgen.lab.close.DataThenFin;
import io.tcplab.loadgen.lab.close.EndOfStreamThenException;
import io.tcplab.loadgen.lab.close.HalfCloseThenReply;
import io.tcplab.loadgen.lab.close.LingeringCloseWaits;
import io.tcplab.loadgen.lab.close.OrphanLimitedByFinTimeout;
import io.tcplab.loadgen.lab.close.OrphanLimitedByLinger2;
import io.tcplab.loadgen.lab.close.OrphanWithSilentPeer;
import io.tcplab.loadgen.lab.close.RequestReplyThenClose;
import io.tcplab.loadgen.lab.close.SendToClosedPeer;
import io.tcplab.loadgen.lab.close.ServerClosesThenClient;
import io.tcplab.loadgen.lab.close.ShutdownReadThenWrite;
import io.tcplab.loadgen.lab.close.SocketConnectsToItself;
import io.tcplab.loadgen.lab.close.UnreadDataThenClose;
import io.tcplab.loadgen.lab.distance.InitialWindow;
import io.tcplab.loadgen.lab.distance.LastAckLostOnTheCable;
import io.tcplab.loadgen.lab.distance.LostFin;
import io.tcplab.loadgen.lab.distance.LostLastSegments;
import io.tcplab.loadgen.lab.distance.LostSyn;
import io.tcplab.loadgen.lab.distance.LostSynAck;
import io.tcplab.loadgen.lab.distance.SlowStartAfterIdle;
import io.tcplab.loadgen.lab.distance.TwoControlsUnderLoss;
import io.tcplab.loadgen.lab.flow.CountStatesTwoWays;
import io.tcplab.loadgen.lab.flow.DataToAVanishedPeer;
import io.tcplab.loadgen.lab.flow.IdleConnectionIsSilent;
import io.tcplab.loadgen.lab.flow.KeptByHttp11ClosedByHttp10;
import io.tcplab.loadgen.lab.flow.OneAckForManySegments;
import io.tcplab.loadgen.lab.flow.ProbesToAVanishedPeer;
import io.tcplab.loadgen.lab.flow.ShortAgainstKept;
import io.tcplab.loadgen.lab.flow.WindowClosesThenOpens;
import io.tcplab.loadgen.lab.handshake.DataWithTheThirdAck;
import io.tcplab.loadgen.lab.handshake.OptionsOfTheSyn;
import io.tcplab.loadgen.lab.handshake.StraySynThenReset;
import io.tcplab.loadgen.lab.handshake.SynThenSynAckThenAck;
import io.tcplab.loadgen.lab.published.AcceptQueuesOfThreeLengths;
import io.tcplab.loadgen.lab.published.CloseOnATrackedPath;
import io.tcplab.loadgen.lab.published.ConnectsIntoAnEmptyingRange;
import io.tcplab.loadgen.lab.published.ManyRequestsToAShortQueue;
import io.tcplab.loadgen.lab.published.ReconnectsUntilPortsRunOut;
import io.tcplab.loadgen.lab.published.RequestsDuringAStall;
import io.tcplab.loadgen.lab.published.ReuseAtAServerThatClosesFirst;
import io.tcplab.loadgen.lab.published.ThreeWaysToBeRefusedAPort;
import io.tcplab.loadgen.lab.queue.AcceptDeferredUntilData;
import io.tcplab.loadgen.lab.queue.CloseWaitLeak;
import io.tcplab.loadgen.lab.queue.DataInTheSyn;
import io.tcplab.loadgen.lab.queue.FillTheAcceptQueue;
import io.tcplab.loadgen.lab.queue.FinalAckAtAFullQueue;
import io.tcplab.loadgen.lab.queue.GoodClientsDuringAFlood;
import io.tcplab.loadgen.lab.queue.HalfOpenGivenUp;
import io.tcplab.loadgen.lab.queue.HalfOpenGivenUpByDefault;
import io.tcplab.loadgen.lab.queue.SynDroppedThenSentAgain;
import io.tcplab.loadgen.lab.queue.SynFloodCookiesAlways;
import io.tcplab.loadgen.lab.queue.SynFloodWithCookies;
import io.tcplab.loadgen.lab.queue.SynFloodWithoutCookies;
import io.tcplab.loadgen.lab.queue.SynQueueLimit;
import io.tcplab.loadgen.lab.state.CloseWaitIsHeld;
import io.tcplab.loadgen.lab.state.ClosedIsNowhere;
import io.tcplab.loadgen.lab.state.ClosingIsHeld;
import io.tcplab.loadgen.lab.state.EstablishedIsHeld;
import io.tcplab.loadgen.lab.state.FinWait1IsHeld;
import io.tcplab.loadgen.lab.state.FinWait1ThenFinWithAck;
import io.tcplab.loadgen.lab.state.FinWait2IsHeld;
import io.tcplab.loadgen.lab.state.LastAckIsHeld;
import io.tcplab.loadgen.lab.state.ListenIsHeld;
import io.tcplab.loadgen.lab.state.SynRecvIsHeld;
import io.tcplab.loadgen.lab.state.SynSentIsHeld;
import io.tcplab.loadgen.lab.state.TimeWaitIsHeld;
import io.tcplab.loadgen.lab.timewait.AbortManyTimes;
import io.tcplab.loadgen.lab.timewait.DefaultsOfAFreshNamespace;
import io.tcplab.loadgen.lab.timewait.ExplicitBindOnTimeWait;
import io.tcplab.loadgen.lab.timewait.FinAgainRestartsTimer;
import io.tcplab.loadgen.lab.timewait.KernelTimerOfTimeWait;
import io.tcplab.loadgen.lab.timewait.LateSegmentAfterReopen;
import io.tcplab.loadgen.lab.timewait.LengthOfTimeWait;
import io.tcplab.loadgen.lab.timewait.ListenAgainAfterTimeWait;
import io.tcplab.loadgen.lab.timewait.LostLastAck;
import io.tcplab.loadgen.lab.timewait.NewerSynOnTimeWait;
import io.tcplab.loadgen.lab.timewait.PortsAreReusedAfterADelay;
import io.tcplab.loadgen.lab.timewait.PortsComeBackAfterAMinute;
import io.tcplab.loadgen.lab.timewait.PortsForEachDestination;
import io.tcplab.loadgen.lab.timewait.PortsRunOut;
import io.tcplab.loadgen.lab.timewait.ResetOnTimeWait;
import io.tcplab.loadgen.lab.timewait.ReuseDelaySetsTheRate;
import io.tcplab.loadgen.lab.timewait.ReuseForLoopbackAcrossACable;
import io.tcplab.loadgen.lab.timewait.ReuseForLoopbackOnLoopback;
import io.tcplab.loadgen.lab.timewait.ReuseWhileTheServerIsInLastAck;
import io.tcplab.loadgen.lab.timewait.ReuseWithoutTimestamps;
import io.tcplab.loadgen.lab.timewait.ServerClosesFirstManyTimes;
import io.tcplab.loadgen.lab.timewait.TooManyTimeWaits;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The catalogue: every experiment, in the order in which they are told. */
public final class Experiments {
    private static final List<Experiment> ALL = List.of(
            new ListenIsHeld(),
            new SynSentIsHeld(),
            new SynRecvIsHeld(),
            new EstablishedIsHeld(),
            new FinWait1IsHeld(),
            new FinWait2IsHeld(),
            new CloseWaitIsHeld(),
            new LastAckIsHeld(),
            new ClosingIsHeld(),
            new TimeWaitIsHeld(),
            new ClosedIsNowhere(),
            new FinWait1ThenFinWithAck(),
            new SynThenSynAckThenAck(),
            new DataWithTheThirdAck(),
            new StraySynThenReset(),
            new OptionsOfTheSyn(),
            new ClientClosesThenServer(),
            new ServerClosesThenClient(),
            new RequestReplyThenClose(),
            new HalfCloseThenReply(),
            new BothCloseAtOnce(),
            new BothConnectAtOnce(),
            new SocketConnectsToItself(),
            new AbortiveCloseSendsReset(),
            new UnreadDataThenClose(),
            new LingeringCloseWaits(),
            new SendToClosedPeer(),
            new OrphanLimitedByLinger2(),
            new OrphanLimitedByFinTimeout(),
            new OrphanWithSilentPeer(),
            new EndOfStreamThenException(),
            new DataThenFin(),
            new ShutdownReadThenWrite(),
            new CloseWaitUntilTheApplicationCloses(),
            new PortsRunOut(),
            new PortsAreReusedAfterADelay(),
            new ReuseForLoopbackAcrossACable(),
            new ReuseForLoopbackOnLoopback(),
            new ReuseWithoutTimestamps(),
            new ReuseDelaySetsTheRate(),
            new PortsComeBackAfterAMinute(),
            new ServerClosesFirstManyTimes(),
            new AbortManyTimes(),
            new TooManyTimeWaits(),
            new ExplicitBindOnTimeWait(),
            new PortsForEachDestination(),
            new NewerSynOnTimeWait(),
            new ResetOnTimeWait(),
            new ListenAgainAfterTimeWait(),
            new ReuseWhileTheServerIsInLastAck(),
            new LateSegmentAfterReopen(),
            new KernelTimerOfTimeWait(),
            new LengthOfTimeWait(),
            new LostLastAck(),
            new FinAgainRestartsTimer(),
            new DefaultsOfAFreshNamespace(),
            new FillTheAcceptQueue(),
            new SynDroppedThenSentAgain(),
            new FinalAckAtAFullQueue(),
            new SynFloodWithCookies(),
            new SynFloodCookiesAlways(),
            new SynFloodWithoutCookies(),
            new SynQueueLimit(),
            new GoodClientsDuringAFlood(),
            new HalfOpenGivenUp(),
            new HalfOpenGivenUpByDefault(),
            new AcceptDeferredUntilData(),
            new DataInTheSyn(),
            new CloseWaitLeak(),
            new ProbesToAVanishedPeer(),
            new DataToAVanishedPeer(),
            new WindowClosesThenOpens(),
            new IdleConnectionIsSilent(),
            new OneAckForManySegments(),
            new ShortAgainstKept(),
            new KeptByHttp11ClosedByHttp10(),
            new CountStatesTwoWays(),
            new LostSyn(),
            new LostSynAck(),
            new LostFin(),
            new LastAckLostOnTheCable(),
            new InitialWindow(),
            new SlowStartAfterIdle(),
            new LostLastSegments(),
            new TwoControlsUnderLoss(),
            new ConnectsIntoAnEmptyingRange(),
            new ManyRequestsToAShortQueue(),
            new ReconnectsUntilPortsRunOut(),
            new ThreeWaysToBeRefusedAPort(),
            new RequestsDuringAStall(),
            new CloseOnATrackedPath(),
            new AcceptQueuesOfThreeLengths(),
            new ReuseAtAServerThatClosesFirst());

    private Experiments() {}

    /** All of them; those that wait true minutes only if asked for. */
    public static List<Experiment> all(boolean withLong) {
        return ALL.stream().filter(each -> withLong || !each.card().longRun()).toList();
    }

    /** The experiment with this id, in letters of any case. */
    public static Optional<Experiment> byId(String id) {
        return ALL.stream()
                .filter(each -> each.card().id().equalsIgnoreCase(id))
                .findFirst();
    }

    /** The ids that begin with the same letter as an unknown one, to be helpful. */
    public static List<String> idsLike(String id) {
        String first = id.isEmpty() ? "" : id.substring(0, 1).toUpperCase(Locale.ROOT);
        List<String> all = ALL.stream().map(each -> each.card().id()).toList();
        List<String> near = all.stream().filter(each -> each.startsWith(first)).toList();
        return near.isEmpty() ? all : near;
    }
}
