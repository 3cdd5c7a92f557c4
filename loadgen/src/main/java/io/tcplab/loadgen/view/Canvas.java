package io.tcplab.loadgen.view;

/**
 * What a frame is drawn on.
 *
 * @param width in columns
 * @param height in lines
 */
record Canvas(int width, int height, Palette palette, Glyphs glyphs) {

    Row row() {
        return new Row(width, palette);
    }
}
