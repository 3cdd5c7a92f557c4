package io.tcplab.companion.tls;

/** The versions of TLS that are spoken: what came before is forbidden by RFC 8996. */
public enum TlsVersion {
    V1_2("1.2", "TLSv1.2"),
    V1_3("1.3", "TLSv1.3");

    private final String number;
    private final String text;

    TlsVersion(String number, String text) {
        this.number = number;
        this.text = text;
    }

    /** {@code 1.3}. */
    public String number() {
        return number;
    }

    /** {@code TLSv1.3}, as servers log it and the JDK names it. */
    public String text() {
        return text;
    }
}
