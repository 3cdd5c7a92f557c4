package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.merge.Interval;
import io.tcplab.loadgen.merge.MergedProgress;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The generators of a lead: who joins until all are there, and who is lost. Who is lost before all are there makes room for another. Any
 * thread may call.
 */
final class Roster implements Member.Listener {

    private final int wanted;
    private final List<String> groups;
    private final Consumer<String> says;
    private final List<Member> members = new ArrayList<>();
    private final CompletableFuture<Void> complete = new CompletableFuture<>();

    /** Whether all have come: from then on who is lost stays among them. */
    private boolean full;

    private @Nullable MergedProgress<Member> progress;
    private @Nullable MergedRows rows;

    Roster(int wanted, List<String> groups, Consumer<String> says) {
        this.wanted = wanted;
        this.groups = groups;
        this.says = says;
    }

    /** Completes when all are there. */
    CompletableFuture<Void> complete() {
        return complete;
    }

    /** Those that are there, in the order in which they joined. */
    synchronized List<Member> all() {
        return List.copyOf(members);
    }

    /** From now on progress and rows go there. */
    synchronized void follow(MergedProgress<Member> merged, MergedRows mergedRows) {
        progress = merged;
        rows = mergedRows;
    }

    /** Why a guest is not wanted; null where it is. */
    synchronized @Nullable String refusal(Reception.Guest guest) {
        if (full) {
            return "it comes too late: the load has its " + InWords.count(wanted) + " generators";
        }
        if (!groups.isEmpty() && !groups.contains(guest.group())) {
            return "the lead has the groups " + String.join(", ", groups) + ", join with --as and one of these";
        }
        long missing = groups.stream()
                .filter(group -> !group.equals(guest.group()))
                .filter(group ->
                        members.stream().noneMatch(member -> member.group().equals(group)))
                .count();
        return wanted - members.size() <= missing ? "the places that are left are those of other groups" : null;
    }

    void admit(Reception.Guest guest) {
        Member member;
        boolean last;
        int count;
        synchronized (this) {
            if (refusal(guest) != null) {
                guest.stream().close(); // another one was quicker
                return;
            }
            member = new Member(guest, this);
            member.isNumber(members.size());
            members.add(member);
            count = members.size();
            last = count == wanted;
            full = last;
        }
        says.accept(member.name() + " has joined, " + count + " of " + wanted);
        member.follow();
        if (last) {
            complete.complete(null);
        }
    }

    @Override
    public void progressed(Member member, Interval interval) {
        MergedProgress<Member> merged;
        synchronized (this) {
            merged = progress;
        }
        if (merged != null) {
            merged.add(member, interval);
        }
    }

    @Override
    public void saw(Member member, TimelineRow row) {
        MergedRows merged;
        synchronized (this) {
            merged = rows;
        }
        if (merged != null) {
            merged.add(member, row);
        }
    }

    @Override
    public void noticed(Member member, String sentence) {
        says.accept(member.name() + " " + sentence);
    }

    @Override
    public void lost(Member member) {
        MergedProgress<Member> merged;
        synchronized (this) {
            merged = progress;
            if (!full) {
                members.remove(member);
                for (int i = 0; i < members.size(); i++) {
                    members.get(i).isNumber(i);
                }
            }
        }
        says.accept("lost " + member.name() + ": " + member.lostBecause());
        if (merged != null) {
            merged.ended();
        }
    }
}
