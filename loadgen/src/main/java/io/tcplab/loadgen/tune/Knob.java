package io.tcplab.loadgen.tune;

/**
 * Something that is set to several values.
 *
 * @param kind where it is set
 * @param key a sysctl, or the path of a profile's key
 */
public record Knob(Kind kind, String key) {

    /** Where a knob is set. */
    public enum Kind {
        CLIENT_SYSCTL,
        SERVER_SYSCTL,
        PROFILE_KEY,
        /** Whether the path is a cable between two namespaces or loopback within one. */
        PATH
    }

    static final Knob PATH = new Knob(Kind.PATH, "isolate");

    /** The name in reports: a sysctl of the server's side says so. */
    public String label() {
        return kind == Kind.SERVER_SYSCTL ? "server " + key : key;
    }

    /** The key's last part, for a row of a table. */
    String brief() {
        String last = key.substring(key.lastIndexOf('.') + 1);
        return switch (kind) {
            case CLIENT_SYSCTL, SERVER_SYSCTL -> last;
            case PROFILE_KEY, PATH -> key;
        };
    }

    /** Whether it is a setting of the kernel. */
    public boolean isSysctl() {
        return kind == Kind.CLIENT_SYSCTL || kind == Kind.SERVER_SYSCTL;
    }

    /** The expression that gives the profile this value ({@code --set}). */
    String assignment(String value) {
        return switch (kind) {
            case CLIENT_SYSCTL -> "sysctls.client." + key + "=" + value;
            case SERVER_SYSCTL -> "sysctls.server." + key + "=" + value;
            case PROFILE_KEY -> key + "=" + value;
            case PATH -> throw new IllegalStateException("the path is no key of a profile");
        };
    }
}
