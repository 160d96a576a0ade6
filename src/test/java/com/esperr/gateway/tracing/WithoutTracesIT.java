package com.esperr.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What traces cost those who want none. */
class WithoutTracesIT {
    @Test
    void nothingOfTheLibraryIsLoadedWithoutAnEndpoint(@TempDir Path directory) throws IOException {
        Path classes = directory.resolve("classes.log");
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = GatewayProcess.start(
                        List.of("-Xlog:class+load:file=" + classes),
                        Map.of(),
                        "run",
                        "--origin",
                        origin.url(),
                        "--listen",
                        "127.0.0.1:0",
                        "--admin",
                        "127.0.0.1:0")) {
            String request = "GET /page HTTP/1.1\r\nHost: shop.test\r\n\r\n";
            assertThat(RawClient.exchange(gateway.port(), request).status()).isEqualTo(200);
            assertThat(gateway.metrics().sum("esper_request_seconds_count")).isNotNegative();
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
        assertThat(Files.readAllLines(classes))
                .anyMatch(line -> line.contains("com.esperr.gateway.boot.Gateway "))
                .noneMatch(line -> line.contains(" io.opentelemetry."))
                .noneMatch(line -> line.contains(".tracing.TraceExport"));
    }
}
