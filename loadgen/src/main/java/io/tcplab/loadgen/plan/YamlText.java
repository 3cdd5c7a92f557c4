package io.tcplab.loadgen.plan;

import java.math.BigDecimal;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.NonPrintableStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes Maps, Lists and scalars as YAML 1.2: small maps of scalars on one line, everything else a line each. */
final class YamlText {

    private static final int WIDEST_LINE = 120;
    private static final int LARGEST_ON_ONE_LINE = 4;

    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.AUTO)
            .setWidth(WIDEST_LINE)
            .setDereferenceAliases(true)
            .setUseUnicodeEncoding(false)
            .setNonPrintableStyle(NonPrintableStyle.ESCAPE)
            .build();

    private YamlText() {}

    /** Returns the text, ending with a line feed. */
    static String write(Map<String, Object> tree) {
        return new Dump(SETTINGS, new SmallOnOneLine(SETTINGS)).dumpToString(tree);
    }

    private static final class SmallOnOneLine extends StandardRepresenter {

        SmallOnOneLine(DumpSettings settings) {
            super(settings);
            representers.put(BigDecimal.class, number -> decimal((BigDecimal) number));
        }

        /** Exactly, and without an exponent. */
        private Node decimal(BigDecimal number) {
            boolean whole = number.stripTrailingZeros().scale() <= 0;
            return representScalar(whole ? Tag.INT : Tag.FLOAT, number.toPlainString());
        }

        @Override
        protected Node representMapping(Tag tag, Map<?, ?> mapping, FlowStyle flowStyle) {
            boolean small = mapping.size() <= LARGEST_ON_ONE_LINE;
            return super.representMapping(tag, mapping, small ? flowStyle : FlowStyle.BLOCK);
        }
    }
}
