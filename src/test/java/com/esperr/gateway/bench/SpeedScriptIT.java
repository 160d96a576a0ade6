package com.esperr.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Peers;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The macro-benchmark at its shortest: it runs to its table, and every answer and every call of the decision service was
 * right. Whether a floor held is for a quiet machine to say, so lines about costs are not judged.
 */
class SpeedScriptIT {
    private static final Path SCRIPT = Path.of("src/bench/speed.sh");

    @Test
    void everyServerAnswersRightlyUnderLoad() throws Exception {
        Peers.require("nginx");
        Peers.require("wrk");
        Peers.require("python3");
        Path java = Path.of(System.getProperty("java.home"));
        ProcessBuilder builder = new ProcessBuilder(
                        SCRIPT.toString(), "--quick", "--rounds", "1", "--seconds", "1", "--no-pin")
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment()
                .merge("PATH", java.resolve("bin").toString(), (path, bin) -> bin + File.pathSeparator + path);
        Process process = builder.start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            List<String> problems = text.lines()
                    .filter(line -> line.startsWith("problem:") && !line.contains(" x the CPU of "))
                    .toList();
            assertThat(problems).as(text).isEmpty();
            assertThat(text).contains("nginx-plain ", "gateway-local ", "nginx-auth ", "gateway-cloud ");
        } finally {
            process.destroy();
        }
    }
}
