package io.tcplab.loadgen.plan;

/** Writes a profile as YAML from which {@link ProfileReader} reads an equal one: every default written out. */
public final class ProfileWriter {

    private ProfileWriter() {}

    /** Returns the YAML text, ending with a line feed. */
    public static String write(Profile profile) {
        return YamlText.write(ProfileKeys.write(profile));
    }
}
