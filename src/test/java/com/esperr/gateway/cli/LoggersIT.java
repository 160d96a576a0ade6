package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much is logged, changed while the gateway runs: the command, and the operator port behind it. */
class LoggersIT {
    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private Path file;
    private Path audit;
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws Exception {
        audit = directory.resolve("audit.log");
        file = Files.writeString(directory.resolve("gateway.conf"), configuration("info"));
        gateway = GatewayProcess.start(
                "run", "--config", file.toString(), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0");
    }

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
    }

    private String configuration(String level) {
        return "origin.url = \"" + origin.url() + "\"\nlog { access = off, level = " + level + ", audit = \"" + audit
                + "\" }\nreload.interval = 0s\n";
    }

    private Ran loggers(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "loggers";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--admin";
        all[all.length - 1] = "127.0.0.1:" + gateway.adminPort();
        return Ran.command(all);
    }

    private RawResponse admin(String request, String headers) {
        return RawClient.exchange(
                gateway.adminPort(),
                request + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: 0\r\n\r\n");
    }

    private double changed() {
        return gateway.metrics().sum("esper_log_levels_changed");
    }

    @Test
    void aLevelIsChangedSeenKeptOverAReloadAndTakenBack() throws Exception {
        Ran set = loggers("admin=debug");
        assertThat(set.code()).as(set.toString()).isZero();
        gateway.awaitLine(line -> line.contains("log: level of com.esperr.gateway.admin is debug now, by "));
        assertThat(loggers().text())
                .contains("\"level\":\"info\"", "{\"name\":\"com.esperr.gateway.admin\",\"level\":\"debug\",\"by\":\"");
        assertThat(changed()).isEqualTo(1);
        assertThat(Files.readString(audit))
                .contains("\"event\":\"log-level-changed\"", "\"logger\":\"com.esperr.gateway.admin\"");

        Files.writeString(file, configuration("error"));
        assertThat(admin("POST /reload", "X-Esper-Operator: test\r\n").status()).isEqualTo(200);
        assertThat(loggers().text())
                .contains("\"level\":\"error\"", "{\"name\":\"com.esperr.gateway.admin\",\"level\":\"debug\"");

        assertThat(loggers("--take-back", "admin").code()).isZero();
        assertThat(loggers().text()).doesNotContain("com.esperr.gateway.admin");
        assertThat(changed()).isZero();
        assertThat(Files.readString(audit)).contains("\"event\":\"log-level-taken-back\"");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThat(loggers("admin=loud").err().toString()).contains("level: loud (expected: error, warn");
        assertThat(loggers("--take-back", "admin").err().toString()).contains("name: not changed by hand");
        assertThat(loggers("admin").code()).isEqualTo(2);
        assertThat(loggers("--take-back").code()).isEqualTo(2);
        assertThat(loggers("--take-back", "admin=debug").code()).isEqualTo(2);
        assertThat(changed()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "POST /loggers?name=cloud&level=debug, '', 403",
        "POST /loggers?level=debug, 'X-Esper-Operator: a', 422",
        "POST /loggers?name=cloud, 'X-Esper-Operator: a', 422",
        "POST /loggers?name=%0Ax&level=debug, 'X-Esper-Operator: a', 422",
        "DELETE /loggers?name=cloud, 'X-Esper-Operator: a', 404",
        "PUT /loggers?name=cloud&level=debug, 'X-Esper-Operator: a', 405"
    })
    void onlyAnOperatorWhoSaysWhatHeWantsChangesAnything(String request, String header, int status) {
        RawResponse response = admin(request, header.isEmpty() ? "" : header + "\r\n");
        assertThat(response.status()).as(response.bodyText()).isEqualTo(status);
        assertThat(changed()).isZero();
    }
}
