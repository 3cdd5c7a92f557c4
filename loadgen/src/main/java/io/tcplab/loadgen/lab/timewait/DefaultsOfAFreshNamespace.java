package io.tcplab.loadgen.lab.timewait;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** T22: reads sysctls that nobody has touched. */
public final class DefaultsOfAFreshNamespace implements Experiment {
    @Override
    public Card card() {
        return Card.of("T22", "The defaults, as a fresh namespace has them")
                .hypothesis("tcp_fin_timeout is 60, tcp_tw_reuse 0, tcp_tw_recycle exists.")
                .claims(16, 17, 19)
                .needs(Need.NAMESPACES)
                .verifies("The values that the kernel gives a new namespace.")
                .because("The namespace is new; the host's values of these keys do not matter.")
                .reading("ip-sysctl, RFC 6191 §2, tcp(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        String finTimeout = lab.client().sysctl("net.ipv4.tcp_fin_timeout").orElse("absent");
        String reuse = lab.client().sysctl("net.ipv4.tcp_tw_reuse").orElse("absent");
        String recycle = lab.client().sysctl("net.ipv4.tcp_tw_recycle").orElse("absent");
        lab.note("tcp_fin_timeout " + finTimeout + ", tcp_tw_reuse " + reuse + ", tcp_tw_recycle " + recycle);
        lab.claim(16, Finding.holdsIf(finTimeout.equals("60"), "tcp_fin_timeout is " + finTimeout));
        lab.claim(
                17,
                Finding.holdsIf(
                        reuse.equals("0"),
                        "tcp_tw_reuse is " + reuse + (reuse.equals("2") ? ": loopback addresses only" : "")));
        lab.claim(
                19,
                Finding.holdsIf(
                        !recycle.equals("absent"), "tcp_tw_recycle is " + recycle + "; it was removed in Linux 4.12"));
        boolean all = finTimeout.equals("60") && reuse.equals("0") && !recycle.equals("absent");
        return Finding.holdsIf(
                all, "tcp_fin_timeout " + finTimeout + ", tcp_tw_reuse " + reuse + ", tcp_tw_recycle " + recycle);
    }
}
