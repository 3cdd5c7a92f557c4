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
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The catalogue: every experiment, in the order in which they are told. */
public final class Experiments {
    private static final List<Experiment> ALL = List.of(
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
            new CloseWaitUntilTheApplicationCloses());

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
