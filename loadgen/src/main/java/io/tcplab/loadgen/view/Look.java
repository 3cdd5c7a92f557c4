package io.tcplab.loadgen.view;

/**
 * What the person at the keyboard has chosen to see.
 *
 * @param chart number of the figure that is drawn large, counted on without end
 * @param paused whether the figures stand still
 */
record Look(Page page, int chart, boolean paused) {

    static final Look FIRST = new Look(Page.FIGURES, 0, false);

    enum Page {
        FIGURES,
        WARNINGS,
        HELP
    }

    /** The page, or the figures where it is shown already. */
    Look turn(Page to) {
        return new Look(page == to ? Page.FIGURES : to, chart, paused);
    }

    Look nextChart() {
        return new Look(page, chart + 1, paused);
    }

    Look pause(boolean on) {
        return new Look(page, chart, on);
    }
}
