package io.tcplab.loadgen.lab;

import io.tcplab.kernel.namespace.Programs;
import java.util.Optional;

/** What an experiment needs beside sockets. */
public enum Need {
    /** Network namespaces of its own. */
    NAMESPACES("network namespaces", ""),
    /** A cable of our own between the namespaces, which delays and loses segments. */
    CABLE("a cable of its own", ""),
    /** The program nft: only its rules have the kernel track connections. */
    NFT("nft", "nftables"),
    /** The program bpftrace, to read the kernel's own trace. */
    BPFTRACE("bpftrace", "bpftrace");

    private final String label;
    private final String packageName;

    Need(String label, String packageName) {
        this.label = label;
        this.packageName = packageName;
    }

    /** Its name for people. */
    public String label() {
        return label;
    }

    /** Why a program is not to be had, with the remedy; empty if it is there. Namespaces are not looked for. */
    public Optional<String> missing() {
        return packageName.isEmpty() || Programs.find(label).isPresent()
                ? Optional.empty()
                : Optional.of("The program " + label + " is missing; install " + packageName + ".");
    }
}
