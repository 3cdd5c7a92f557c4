package io.tcplab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of descriptors grows when it is asked to, not when a connection needs the next one. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DescriptorTableTest {

    private static final int ROOM = 3_000;

    @Test
    void hasRoomAfterwardsAndNothingIsOpenInIt() throws Exception {
        int last = DescriptorTable.grow(ROOM);

        assertThat(last).isGreaterThanOrEqualTo(ROOM - 1);
        assertThat(room()).isGreaterThan(last);
        assertThat(Files.exists(Path.of("/proc/self/fd/" + last), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void moreThanAProcessMayHaveIsRefusedWithoutHarm() {
        assertThat(DescriptorTable.grow(Integer.MAX_VALUE)).isEqualTo(-Errno.EINVAL.number());
    }

    /** How many descriptors the table has room for (proc_pid_status(5), FDSize). */
    private static long room() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("FDSize:"))
                .mapToLong(line -> Long.parseLong(line.substring(7).strip()))
                .findFirst()
                .orElseThrow();
    }
}
