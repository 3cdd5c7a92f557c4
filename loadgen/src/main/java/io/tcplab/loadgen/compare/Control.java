package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.Action;
import io.tcplab.loadgen.plan.Profile;

/**
 * The control of a profile with actions: the same load and the same server over the same path, with nothing done at the actions' times.
 * What it loses in the same stretches of time would have been lost anyway.
 */
final class Control {

    private static final String SUFFIX = "-without-actions";

    private Control() {}

    /** Its name beside the profile's. */
    static String name(String contender) {
        return contender + SUFFIX;
    }

    /** Its plan. */
    static Profile of(Profile profile) {
        Profile control = profile.withActions(profile.actions().stream()
                .map(each -> new Action(
                        each.atNanos(),
                        new Action.Moment("without: " + each.deed().inWords())))
                .toList());
        // An action may have been all that needed the cable.
        return profile.needsCable() ? control.overCable() : control;
    }
}
