package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a failed access to a file is called. */
@Timeout(30)
class FileTroubleTest {

    @Test
    void aReasonIsSaidAndNotTheNameAlone() {
        assertThat(FileTrouble.of(new AccessDeniedException("/srv/results")))
                .isEqualTo("/srv/results: permission denied (EACCES)");
        assertThat(FileTrouble.of(new FileSystemException("/mnt/ro/results", null, "Read-only file system")))
                .isEqualTo("/mnt/ro/results: Read-only file system");
        assertThat(FileTrouble.of(new NoSuchFileException("/srv/none"))).isEqualTo("/srv/none does not exist");
        assertThat(FileTrouble.of(new MalformedInputException(1))).isEqualTo("a file is not text in UTF-8");
        assertThat(FileTrouble.of(new IOException("no space left"))).isEqualTo("no space left");
    }
}
