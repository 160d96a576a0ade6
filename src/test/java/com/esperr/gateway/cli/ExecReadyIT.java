package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.WebApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When visitors may connect, and what becomes of them until the application that {@code exec} runs is there. */
class ExecReadyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void requestsWaitUntilTheApplicationIsThere() {
        Path file = directory.resolve("ready");
        ExecScene.Setting setting = ExecScene.setting()
                .options("--ready-timeout", "5m")
                .set("exec.hold", "5m")
                .set("exec.ready.by", "file")
                .set("exec.ready.file", file.toString());
        List<RawClient> clients = new ArrayList<>();
        try (ExecScene scene = setting.node()) {
            scene.awaitLine("waiting for " + file + " to be written (exec.ready.by = file), for at most 300.0 s");
            for (int i = 0; i < 5; i++) {
                clients.add(scene.ask("/" + i));
            }
            RawClient withBody = RawClient.connect(scene.gateway().port())
                    .send("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
            clients.add(withBody);
            await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_exec_held") == clients.size());
            scene.awaitLine("app listens");
            write(file);
            for (RawClient client : clients) {
                assertThat(client.readTimeout(PATIENCE).readResponse("GET").bodyText())
                        .isEqualTo("app " + scene.application());
            }
            assertThat(scene.gateway().metrics().sum("esper_exec_waits_total")).isEqualTo(clients.size());
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "now");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void requestsThatWaitTooLongOrAreTooManyAreAnswered503() {
        ExecScene.Setting setting = ExecScene.setting()
                .set("exec.hold", "3s")
                .set("exec.max-held", "1")
                .variable("BOOT_MILLIS", "3600000");
        try (ExecScene scene = setting.node()) {
            try (RawClient first = scene.ask("/first")) {
                await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_exec_held") == 1);
                RawResponse second = scene.get("/second");
                assertThat(second.status()).isEqualTo(503);
                assertThat(second.header("Retry-After")).isNotEmpty();
                assertThat(first.readTimeout(PATIENCE).readResponse().status()).isEqualTo(503);
            }
            scene.awaitLine("exec.max-held requests wait already");
            scene.awaitLine("the application was away for longer than exec.hold");
            assertThat(scene.gateway().metrics().sum("esper_exec_refusals_total"))
                    .isEqualTo(2);
        }
    }

    @Test
    void requestsAreRefusedAtOnceIfTheyAreNotToWait() {
        ExecScene.Setting setting =
                ExecScene.setting().set("exec.while-away", "refuse").variable("BOOT_MILLIS", "3600000");
        try (ExecScene scene = setting.node()) {
            RawResponse response = scene.get("/");
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isNotEmpty();
            assertThat(scene.gateway().readiness()).isEqualTo(503);
        }
    }

    @Test
    void boundLateNobodyCanConnectBefore() throws IOException {
        int port = FreePort.next();
        ExecScene.Setting setting = ExecScene.setting()
                .set("exec.bind", "ready")
                .variable("BOOT_MILLIS", "500")
                .variable("PORT", Integer.toString(port));
        try (ExecScene scene = setting.node()) {
            scene.awaitLine("listening on 0.0.0.0:" + port);
            assertThat(indexOf(scene, "the application is ready")).isLessThan(indexOf(scene, "listening on"));
            assertThat(scene.get("/").status()).isEqualTo(200);
        }
    }

    private static int indexOf(ExecScene scene, String part) {
        List<String> lines = scene.gateway().lines();
        return lines.indexOf(
                lines.stream().filter(line -> line.contains(part)).findFirst().orElseThrow());
    }

    @Test
    void boundEarlyItListensBeforeTheApplicationIsStarted() {
        try (ExecScene scene = ExecScene.setting().node()) {
            scene.awaitLine("the application is ready");
            assertThat(indexOf(scene, "listening on")).isLessThan(indexOf(scene, "the application is process"));
        }
    }

    @Test
    void anApplicationOfTheJvmIsReadyWhenItAnswers() {
        ExecScene.Setting setting = ExecScene.setting().options("--ready-path", "/health");
        try (ExecScene scene = setting.run(WebApplication.command())) {
            scene.awaitLine("to be answered with a status below 400 (exec.ready.by = http)");
            assertThat(scene.ask("/").readTimeout(PATIENCE).readResponse().bodyText())
                    .isEqualTo("app " + scene.application());
        }
    }

    @Test
    void anAnswerThatSaysOtherwiseIsNotReady() {
        ExecScene.Setting setting =
                ExecScene.setting().options("--ready-path", "/status?code=500", "--ready-timeout", "3s");
        try (ExecScene scene = setting.node()) {
            assertThat(scene.awaitExit()).isEqualTo(124);
            assertThat(scene.said(
                            "is not ready within exec.ready.timeout: waited for GET /status?code=500 at 127.0.0.1:"))
                    .isTrue();
            assertThat(scene.said("but answered 500")).isTrue();
        }
    }

    @Test
    void oneThatListensElsewhereIsAskedWhetherItReadsThePort() {
        try (ExecScene scene = ExecScene.setting()
                .options("--ready-timeout", "1s")
                .set("exec.stop.timeout", "200ms")
                .run("sleep", "1000")) {
            assertThat(scene.awaitExit()).isEqualTo(124);
            assertThat(scene.said("(does it listen on PORT?), and is ended")).isTrue();
        }
    }

    @Test
    void oneThatEndsBeforeItIsReadyIsAWarning() {
        try (ExecScene scene = ExecScene.setting().set("log.level", "warn").run("sh", "-c", "exit 0")) {
            assertThat(scene.awaitExit()).isZero();
            assertThat(scene.said("the application ended with exit code 0, before it was ready"))
                    .isTrue();
        }
    }

    @Test
    void oneThatIsNotReadyInTimeIsEnded() {
        ExecScene.Setting setting = ExecScene.setting()
                .options("--ready-timeout", "1s")
                .set("exec.stop.timeout", "200ms")
                .variable("IGNORE_TERM", "1")
                .variable("BOOT_MILLIS", "3600000");
        try (ExecScene scene = setting.node()) {
            assertThat(scene.awaitExit()).isEqualTo(124);
            assertThat(scene.said("waiting for 127.0.0.1:")).isTrue();
            assertThat(scene.said("and is killed")).isTrue();
        }
    }

    @Test
    void aUnixSocketTakesThePlaceOfThePort() throws IOException {
        Path socket = directory.resolve("app.sock");
        // What a run left that was killed.
        Files.writeString(socket, "");
        Files.setLastModifiedTime(socket, FileTime.fromMillis(0));
        try (ExecScene scene =
                ExecScene.setting().options("--socket", socket.toString()).node()) {
            scene.awaitLine("app listens, socket " + socket);
            assertThat(scene.ask("/").readTimeout(PATIENCE).readResponse().status())
                    .isEqualTo(200);
            scene.awaitLine("waiting for " + socket + " to accept connections");
            assertThat(scene.gateway().terminate().awaitExit()).isZero();
        }
    }
}
