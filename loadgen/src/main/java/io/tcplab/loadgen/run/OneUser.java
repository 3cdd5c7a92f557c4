package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.GuardedProgram;
import io.tcplab.kernel.namespace.UserNamespace;
import java.util.regex.Pattern;

/** A namespace of an ordinary user has a single user: what a server prints that tries to become another one there. */
final class OneUser {

    /**
     * What programs print when they cannot become another user: in a namespace with one there is none (user_namespaces(7)). Such as nginx's
     * "setgid(33) failed (22: Invalid argument)", HAProxy's "Cannot set gid 33.", "(22)Invalid argument: AH00027: setgid: unable to set
     * group id" of Apache, "su: cannot set groups".
     */
    private static final Pattern CHANGES_ITS_USER = Pattern.compile("(?i)setgroups|initgroups|set(e|res)?[ug]id|chown"
            + "|\\b(switch|chang|set|drop|assum)\\w*\\W+(\\w+\\W+){0,3}?(user|uid|gid|groups?|privileges|identity)\\b");

    private static final Pattern IN_VAIN =
            Pattern.compile("(?i)not permitted|invalid argument|EPERM|EINVAL|cannot|can't|unable|fail|error");

    private OneUser() {}

    /** Whether this process is in such a namespace. */
    static boolean isHere() {
        return System.getenv(UserNamespace.GUARD) != null;
    }

    /** A sentence where it tried to become another user in a namespace that has only one; empty otherwise. */
    static String why(GuardedProgram program) {
        return isHere() && program.lastLines().stream().anyMatch(OneUser::isRefused)
                ? " An ordinary user's namespace has a single user, so a server cannot switch to another one there:"
                        + " run tcplab as root, or let the server keep its user (nginx: master_process off)."
                : "";
    }

    /** Whether a program that prints this tried to become another user, and failed. */
    static boolean isRefused(String line) {
        return CHANGES_ITS_USER.matcher(line).find() && IN_VAIN.matcher(line).find();
    }
}
