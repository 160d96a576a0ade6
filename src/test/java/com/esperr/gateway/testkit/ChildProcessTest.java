package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void seesBothStreamsAndTheExitCode() {
        try (ChildProcess child = shell("echo out; echo err >&2; exit 7")) {
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(7);
            assertThat(child.lines()).containsExactlyInAnyOrder("out", "err");
        }
    }

    @Test
    void sendsSigtermAndMeasuresWhileItRuns() {
        try (ChildProcess child = shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do :; done")) {
            child.awaitLine(line -> line.equals("ready"), PATIENCE);
            assertThat(child.residentBytes()).isPositive();
            assertThat(child.cpuTicks()).isNotNegative();
            child.terminate();
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(3);
            assertThat(child.lines()).contains("bye");
        }
    }

    @Test
    void saysWhatWasPrintedWhenTheLineDoesNotCome() {
        try (ChildProcess child = shell("echo something else")) {
            assertThatThrownBy(() -> child.awaitLine(line -> line.equals("ready"), PATIENCE))
                    .hasMessageContaining("something else");
        }
    }

    @Test
    void endsWhatTheChildHasStartedToo() {
        ProcessHandle grandchild;
        try (ChildProcess child = shell("trap 'exit 0' TERM; sh -c 'trap \"\" TERM; echo ready; sleep 1000' & wait")) {
            child.awaitLine(line -> line.equals("ready"), PATIENCE);
            grandchild = child.descendants().get(0);
        }
        await().until(() -> !grandchild.isAlive());
    }

    private static ChildProcess shell(String script) {
        return ChildProcess.start(new ProcessBuilder("sh", "-c", script));
    }
}
