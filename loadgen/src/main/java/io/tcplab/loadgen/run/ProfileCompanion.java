package io.tcplab.loadgen.run;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The companion that a profile asks for. */
public final class ProfileCompanion {

    private ProfileCompanion() {}

    /** Its settings, bound to this address; 0 is the first free port of its range. Throws where no companion could serve the profile. */
    public static CompanionSettings settings(Profile profile, String host, int port) throws CannotRun {
        return settings(profile, host, port, tls(profile));
    }

    /** A certificate that the companion makes at its start; absent where the profile has no TLS. */
    public static @Nullable ServedTls tls(Profile profile) {
        return profile.tls() == null ? null : ServedTls.SELF_SIGNED;
    }

    /** As the other, with a certificate that is there already. */
    public static CompanionSettings settings(Profile profile, String host, int port, @Nullable ServedTls tls)
            throws CannotRun {
        return new CompanionSettings(
                host, port, profile.server().companion(), protocol(profile), closeOnAccept(profile), tls, (int)
                        (profile.observeIntervalNanos() / 1_000_000));
    }

    private static ServedProtocol protocol(Profile profile) throws CannotRun {
        Set<ServedProtocol> all = EnumSet.noneOf(ServedProtocol.class);
        for (MixMember member : profile.mix()) {
            Protocol spoken = profile.protocolOf(member);
            ServedProtocol served = spoken.served();
            if (served == null) {
                throw new CannotRun("No companion speaks this protocol (" + spoken.words()
                        + "): name your server with --target HOST:PORT, or have" + " it started by server.command.");
            }
            all.add(served);
        }
        if (all.size() > 1) {
            throw new CannotRun("The members of the mix speak different protocols, and a companion speaks one: "
                    + "name your server with --target HOST:PORT.");
        }
        return all.iterator().next();
    }

    /** Where nothing is said, the companion itself must know how to end; the profile's check has seen to it that all members agree. */
    private static CloseOnAccept closeOnAccept(Profile profile) {
        Close close = profile.mix().stream()
                .map(MixMember::close)
                .filter(one -> one.by() == Side.SERVER)
                .findFirst()
                .orElse(Close.CLIENT_FIN);
        boolean silent = profile.mix().stream().allMatch(one -> profile.protocolOf(one) instanceof Protocol.None);
        if (!silent || close.by() == Side.CLIENT) {
            return CloseOnAccept.NONE;
        }
        return new CloseOnAccept(close.how(), close.lingerSeconds());
    }
}
