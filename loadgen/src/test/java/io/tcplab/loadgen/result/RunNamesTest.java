package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that tell results apart. */
@Timeout(30)
class RunNamesTest {

    private static List<String> names(String... directories) {
        List<Path> paths = List.of(directories).stream().map(Path::of).toList();
        RunNames names = RunNames.of(paths);
        return paths.stream().map(names::of).toList();
    }

    @Test
    void aDirectorysOwnNameIsEnoughWhereAllDiffer() {
        assertThat(names("results/a", "/tmp/b", "c/")).containsExactly("a", "b", "c");
    }

    @Test
    void directoriesOfOneNameAreToldApartByWhereTheyLie() {
        assertThat(names("before/short", "after/short", "after/long"))
                .containsExactly("before/short", "after/short", "after/long");
        assertThat(names("x/1/run", "y/1/run")).containsExactly("x/1/run", "y/1/run");
        assertThat(names("/run", "/a/run")).containsExactly("run", "a/run");
    }

    @Test
    void theSameDirectoryHasOneName() {
        assertThat(names("a", "./a", "b/../a")).containsExactly("a", "a", "a");
    }
}
