package io.tcplab.loadgen.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links between the repository's pages lead somewhere, and every page of docs/ can be found from its index. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LinksTest {

    private static final Pattern LINK = Pattern.compile("!?\\[[^\\]\n]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("(?m)^ {4,}\\S.*$|(?s)```.*?```|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Path DOCS = JavaSource.REPOSITORY.resolve("docs");

    @Test
    void everyLinkLeadsToAFileAndAHeadingThatExist() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (String link : links(page)) {
                if (!link.matches("[a-z]+:.*") && !leads(page, link)) {
                    broken.add(JavaSource.name(page) + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theIndexNamesEveryPage() throws IOException {
        List<String> linked = links(DOCS.resolve("README.md"));
        assertThat(JavaSource.below(DOCS)
                        .map(page -> DOCS.relativize(page).toString())
                        .filter(page -> page.endsWith(".md") && !page.equals("README.md")))
                .allSatisfy(page -> assertThat(linked).contains(page));
    }

    private static List<Path> pages() {
        return Stream.of("README.md", "CHANGELOG.md", "docs", "bench", "results", "profiles")
                .map(JavaSource.REPOSITORY::resolve)
                .flatMap(JavaSource::below)
                .filter(page -> page.toString().endsWith(".md"))
                .toList();
    }

    private static List<String> links(Path page) throws IOException {
        Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
        List<String> links = new ArrayList<>();
        while (link.find()) {
            links.add(link.group(1));
        }
        return links;
    }

    private static boolean leads(Path page, String link) throws IOException {
        int mark = link.indexOf('#');
        String file = mark < 0 ? link : link.substring(0, mark);
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        if (!Files.exists(target)) {
            return false;
        }
        return mark < 0
                || HEADING.matcher(Files.readString(target))
                        .results()
                        .anyMatch(heading -> anchor(heading.group(1)).equals(link.substring(mark + 1)));
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
