package io.tcplab.loadgen.judge.warning;

/** The page of all warnings, docs/warnings.md. */
final class WarningPage {

    private WarningPage() {}

    static String of() {
        StringBuilder page = new StringBuilder("""
                # Warnings

                What tcplab itself says about a result, as `warnings` in `summary.json`: `code`, `message` with the figures, `advice`,
                the figures again as `evidence`, and `invalidates`, whether the result cannot be trusted for it (`valid` is then
                `false`, and the exit code 4). A warning says only what was observed, and only of whom it was observed; what was not
                observed is not warned of.

                This page is generated from the records that find them.
                """);
        for (Warnings.Kind kind : Warnings.KINDS) {
            RunWarning example = kind.example();
            page.append("\n## `").append(example.code()).append("`\n\n");
            page.append("Raised when ").append(example.when()).append('.');
            page.append(example.invalidates() ? " The result then cannot be trusted.\n\n" : "\n\n");
            page.append("> ").append(example.message()).append("\n>\n> → ").append(example.advice());
            page.append("\n");
        }
        return page.toString();
    }
}
