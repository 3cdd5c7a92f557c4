package io.tcplab.loadgen.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page of all keys of a profile, docs/profile-keys.md. */
final class KeyPage {

    private final StringBuilder page = new StringBuilder("""
            # The keys of a profile

            A profile is YAML; `profiles/` has examples, and `tcplab validate PROFILE` checks one. Units are part of the
            values: `10ms`, `5000/s`, `64B`, `10k`. Any key can be set for one run: `--set mix.0.close.how=rst`. An unknown
            key is refused, and the nearest known one is suggested.

            This page is generated from the table that reads profiles.
            """);

    private KeyPage() {}

    static String of(Form<Profile> profile) {
        KeyPage page = new KeyPage();
        page.section("", "A profile", profile);
        return page.page.toString();
    }

    private void section(String path, String title, Shape<?> shape) {
        switch (shape) {
            case Form<?> _ when path.equals("mix.N.http") -> {} // as http
            case Form<?> form -> form(path, title, form);
            case ListOf<?> _ when path.startsWith("protocol.script.") -> {} // the same steps again
            case ListOf<?> list -> section(path + ".N", "Each element of `" + path + "`", list.item());
            case Choice<?> choice -> {
                for (Choice.Kind<?> kind : choice.kinds()) {
                    section(
                            path + "." + kind.name(),
                            sentence(path + "." + kind.name(), kind.sentence()),
                            kind.shape());
                }
            }
            case FlagOr<?> either -> section(path, title, either.form());
            case ProtocolShape _ when path.equals("protocol") -> protocols(path);
            case ScalarOr<?> either -> section(path, title, either.section());
            case ScriptShape script
            when path.equals("protocol.script") ->
                section(path + ".N", "Each step of `" + path + "`", script.inside("*"));
            default -> {}
        }
    }

    private void protocols(String path) {
        page.append("\n## Protocols\n\n| `").append(path).append("` | what is spoken |\n|---|---|\n");
        for (Choice.Kind<?> kind : Protocol.Table.KINDS) {
            page.append("| `")
                    .append(kind.name())
                    .append("` | ")
                    .append(cell(kind.sentence()))
                    .append(" |\n");
        }
        for (Choice.Kind<?> kind : Protocol.Table.KINDS) {
            String below = path + "." + kind.name();
            section(below, sentence(below, kind.sentence()), kind.shape());
        }
    }

    private static String sentence(String path, String sentence) {
        return "`" + path + "`: " + sentence;
    }

    private void form(String path, String title, Form<?> form) {
        if (form.keys().isEmpty()) {
            return;
        }
        page.append("\n## ").append(title).append("\n\n| key | value | default | meaning |\n|---|---|---|---|\n");
        form.keys().forEach(this::row);
        List<Runnable> inside = new ArrayList<>();
        for (Key<?, ?> key : form.keys()) {
            String below = path.isEmpty() ? key.name() : path + "." + key.name();
            inside.add(() -> section(below, sentence(below, key.sentence()), key.shape()));
        }
        inside.forEach(Runnable::run);
    }

    private void row(Key<?, ?> key) {
        Object otherwise = key.writtenDefault();
        page.append("| `")
                .append(key.name())
                .append("` | ")
                .append(cell(key.shape().allowed()))
                .append(" | ")
                .append(key.required() ? "required" : text(otherwise))
                .append(" | ")
                .append(cell(key.sentence()))
                .append(" |\n");
    }

    private static String text(@Nullable Object otherwise) {
        return switch (otherwise) {
            case null -> "–";
            case Map<?, ?> keys when keys.isEmpty() -> "–";
            case List<?> list when list.isEmpty() -> "–";
            case Map<?, ?> keys -> "`" + keys.toString().replace("=", ": ") + "`";
            default -> "`" + otherwise + "`";
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
