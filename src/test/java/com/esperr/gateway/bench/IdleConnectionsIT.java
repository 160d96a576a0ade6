package com.esperr.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IdleConnectionsIT {
    private static final Path SCRIPT = Path.of("src/bench/idle.sh");

    @Test
    void tenThousandIdleConnectionsCostAtMost200MiB() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc: resident memory cannot be read");
        Path java = Path.of(System.getProperty("java.home"));
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "10000").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment()
                .merge("PATH", java.resolve("bin").toString(), (path, bin) -> bin + File.pathSeparator + path);
        Process process = builder.start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assumeTrue(!text.startsWith("ulimit -Hn:"), text);
            assertThat(process.exitValue()).as(text).isZero();
            assertThat(text).contains("10000 idle connections:").contains("ok: ");
        } finally {
            process.destroy();
        }
    }
}
