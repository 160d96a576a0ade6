package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.WebApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to what {@code exec} runs, its end and its new beginning. */
class ExecEndIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR1", "USR2", "WINCH"})
    void aSignalIsPassedOnAndTheGatewayGoesOn(String name) {
        try (ExecScene scene = ExecScene.setting().node()) {
            scene.awaitLine("the application is ready");
            scene.signal(name);
            scene.awaitLine("app got SIG" + name);
            assertThat(scene.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void whatStandsForQuitIsPassedOnAsQuit() {
        try (ExecScene scene = ExecScene.setting().node()) {
            scene.awaitLine("the application is ready");
            scene.signal("URG");
            scene.awaitLine("app got SIGQUIT");
            assertThat(scene.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void interruptedItPassesOnInterruptAndEndsWithTheApplication() {
        try (ExecScene scene =
                ExecScene.setting().set("exec.stop.timeout", "1s").node()) {
            scene.awaitLine("the application is ready");
            scene.signal("INT");
            // The application stays, and so it is killed.
            assertThat(scene.awaitExit()).isEqualTo(137);
            assertThat(scene.said("app got SIGINT")).isTrue();
            assertThat(scene.said("app got SIGTERM")).isFalse();
        }
    }

    @Test
    void toldToEndItFinishesRequestsBeforeTheApplicationIsTold() {
        // It would leave the request without an answer.
        try (ExecScene scene = ExecScene.setting().variable("QUITS", "1").node()) {
            scene.awaitLine("the application is ready");
            try (RawClient slow = scene.ask("/?millis=2000")) {
                await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_requests_open") == 1);
                scene.gateway().terminate();
                scene.awaitLine("stopping: not ready");
                RawResponse response = slow.readTimeout(PATIENCE).readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.header("Connection")).isEqualTo("close");
            }
            assertThat(scene.awaitExit()).isZero();
            assertThat(scene.said("app got SIGTERM")).isTrue();
        }
    }

    @Test
    void toldAgainItWaitsForRequestsNoLonger() {
        try (ExecScene scene = ExecScene.setting()
                .set("exec.stop.timeout", "1h")
                .set("exec.stop.within", "2h")
                .set("shutdown.drain", "1h")
                .node()) {
            scene.awaitLine("the application is ready");
            try (RawClient slow = scene.ask("/?millis=3600000")) {
                await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_requests_open") == 1);
                scene.gateway().terminate();
                scene.awaitLine("stopping: not ready");
                // What follows too soon is taken for the same command.
                tellUntil(scene, () -> scene.said("stopping: told again to"));
                assertThat(slow.readTimeout(PATIENCE).readResponse().status()).isEqualTo(503);
            }
            scene.awaitLine("app got SIGTERM");
            tellUntil(scene, () -> !scene.gateway().isAlive());
        }
    }

    @Test
    void toldAgainItWaitsForTheApplicationNoLonger() {
        try (ExecScene scene = ExecScene.setting()
                .set("exec.stop.timeout", "1h")
                .set("exec.stop.within", "2h")
                .variable("IGNORE_TERM", "1")
                .node()) {
            scene.awaitLine("the application is ready");
            scene.gateway().terminate();
            scene.awaitLine("app got SIGTERM");
            tellUntil(scene, () -> !scene.gateway().isAlive());
            assertThat(scene.awaitExit()).isEqualTo(137);
        }
    }

    private static void tellUntil(ExecScene scene, Callable<Boolean> reached) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            boolean yes = reached.call();
            if (!yes) {
                scene.gateway().terminate();
            }
            return yes;
        });
    }

    @Test
    void anotherSignalCanTellTheApplication() {
        try (ExecScene scene = ExecScene.setting()
                .set("exec.stop.signal", "QUIT")
                .set("exec.stop.timeout", "1s")
                .node()) {
            scene.awaitLine("the application is ready");
            scene.gateway().terminate();
            assertThat(scene.awaitExit()).isEqualTo(137);
            assertThat(scene.said("app got SIGQUIT")).isTrue();
            assertThat(scene.said("app got SIGTERM")).isFalse();
        }
    }

    @Test
    void anApplicationThatIgnoresTermIsKilled() {
        try (ExecScene scene = ExecScene.setting()
                .set("exec.stop.timeout", "500ms")
                .variable("IGNORE_TERM", "1")
                .node()) {
            scene.awaitLine("the application is ready");
            scene.gateway().terminate();
            assertThat(scene.awaitExit()).isEqualTo(137);
            assertThat(scene.said("app got SIGTERM")).isTrue();
            assertThat(scene.said("the application has not ended after 500 ms and is killed"))
                    .isTrue();
        }
    }

    @Test
    void oneOfTheJvmEndsByTheSignalItIsSent() {
        try (ExecScene scene =
                ExecScene.setting().set("exec.stop.timeout", "20s").run(WebApplication.command())) {
            scene.awaitLine("the application is ready");
            assertThat(scene.get("/").status()).isEqualTo(200);
            scene.gateway().terminate();
            assertThat(scene.awaitExit()).isEqualTo(143);
            assertThat(scene.said("app got SIGTERM")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DYNO=web.1", "ESPER_EXEC_STOP_TOLD_BY=platform"})
    void whereAllAreToldAtOnceTheApplicationIsToldOnce(String variable) {
        ExecScene.Setting setting = ExecScene.setting().variable(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        try (ExecScene scene = setting.node()) {
            scene.awaitLine("the application is ready");
            try (RawClient slow = scene.ask("/?millis=1500");
                    RawClient idle = RawClient.connect(scene.gateway().port())) {
                await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_requests_open") == 1);
                scene.terminateEverybody();
                scene.awaitLine("stopping: not ready");
                assertThat(slow.readTimeout(PATIENCE).readResponse().status()).isEqualTo(200);
                assertThat(idle.isClosedByPeer()).isTrue();
            }
            assertThat(scene.awaitExit()).isZero();
            assertThat(scene.count(line -> line.equals("app got SIGTERM"))).isEqualTo(1);
        }
    }

    @Test
    void whereAllAreToldAtOnceRequestsWaitForWhatTheApplicationDoes() throws IOException {
        Path boot = directory.resolve("boot");
        Path end = directory.resolve("end");
        ExecScene.Setting setting = patient()
                .variable("DYNO", "web.1")
                .variable("BOOTS_UNTIL", boot.toString())
                .variable("STAYS_UNTIL", end.toString());
        try (ExecScene scene = setting.node();
                RawClient early = scene.ask("/")) {
            await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_exec_held") == 1);
            ExecScene.signal(scene.application(), "USR1");
            scene.awaitLine("app got SIGUSR1");
            scene.terminateEverybody();
            scene.awaitLine("stopping: not ready");
            Files.createFile(boot);
            assertThat(early.readTimeout(PATIENCE).readResponse().status()).isEqualTo(200);
            Files.createFile(end);
            assertThat(scene.awaitExit()).isZero();
        }
    }

    @Test
    void whereAllAreToldAtOnceRequestsThatWaitAreAnsweredWhenTheApplicationHasEnded() {
        ExecScene.Setting setting = patient()
                .variable("DYNO", "web.1")
                .variable("BOOTS_UNTIL", directory.resolve("never").toString());
        try (ExecScene scene = setting.node();
                RawClient early = scene.ask("/")) {
            await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_exec_held") == 1);
            scene.terminateEverybody();
            RawResponse response = early.readTimeout(PATIENCE).readResponse();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isNotEmpty();
        }
    }

    @Test
    void toldToEndItWaitsForAnApplicationThatRequestsWaitFor() throws IOException {
        Path boot = directory.resolve("boot");
        ExecScene.Setting setting = patient().variable("BOOTS_UNTIL", boot.toString());
        try (ExecScene scene = setting.node();
                RawClient early = scene.ask("/")) {
            await().atMost(PATIENCE).until(() -> scene.gateway().metrics().sum("esper_exec_held") == 1);
            scene.gateway().terminate();
            scene.awaitLine("stopping: not ready");
            Files.createFile(boot);
            assertThat(early.readTimeout(PATIENCE).readResponse().status()).isEqualTo(200);
            assertThat(scene.awaitExit()).isZero();
        }
    }

    private static ExecScene.Setting patient() {
        return ExecScene.setting()
                .set("exec.hold", "5m")
                .set("exec.ready.timeout", "5m")
                .set("exec.stop.within", "10m")
                .set("shutdown.drain", "5m");
    }

    @Test
    void whereAllAreToldAtOnceAnApplicationThatStaysIsKilledInTime() {
        ExecScene.Setting setting = ExecScene.setting()
                .set("exec.stop.told-by", "platform")
                .set("exec.stop.within", "2s")
                .variable("IGNORE_TERM", "1");
        try (ExecScene scene = setting.node()) {
            scene.awaitLine("the application is ready");
            scene.terminateEverybody();
            assertThat(scene.awaitExit()).isEqualTo(137);
        }
    }

    @Test
    void oneThatFailsIsStartedAgainAndRequestsWaitMeanwhile() {
        ExecScene.Setting setting = ExecScene.setting()
                .options("--restart", "on-failure")
                .set("exec.restart.delay", "300ms")
                .set("exec.hold", "5m")
                .variable("EXIT_ONCE", directory.resolve("once").toString());
        try (ExecScene scene = setting.node()) {
            scene.awaitLine("the application is ready");
            // The application ends with this request, which is sent once more to the one that follows.
            assertThat(scene.ask("/exit-once")
                            .readTimeout(PATIENCE)
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            scene.awaitLine("the application is started again in 300 ms");
            assertThat(scene.ask("/").readTimeout(PATIENCE).readResponse().status())
                    .isEqualTo(200);
            assertThat(scene.count(line -> line.contains("the application is process ")))
                    .isEqualTo(2);
        }
    }

    @Test
    void whatHasABodyIsNotSentTwice() {
        ExecScene.Setting setting = ExecScene.setting()
                .options("--restart", "always")
                .set("exec.restart.delay", "10ms")
                .variable("EXIT_ONCE", directory.resolve("once").toString());
        try (ExecScene scene = setting.node();
                RawClient client = RawClient.connect(scene.gateway().port())) {
            client.send("POST /exit-once HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.readTimeout(PATIENCE).readResponse("POST").status())
                    .isEqualTo(502);
        }
    }

    @Test
    void itEndsWithAnApplicationThatEndedTooOften() {
        ExecScene.Setting setting = ExecScene.setting()
                .options("--restart", "always")
                .set("exec.restart.delay", "10ms")
                .set("exec.restart.max-delay", "20ms")
                .set("exec.restart.limit", "3");
        try (ExecScene scene = setting.run("sh", "-c", "exit 5")) {
            assertThat(scene.awaitExit()).isEqualTo(5);
            assertThat(scene.count(line -> line.contains("the application is process ")))
                    .isEqualTo(4);
            assertThat(scene.said("the application has ended too often (exec.restart.limit)"))
                    .isTrue();
        }
    }

    @Test
    void onFailureAnEndWithZeroIsTheEnd() {
        try (ExecScene scene =
                ExecScene.setting().options("--restart", "on-failure").run("sh", "-c", "exit 0")) {
            assertThat(scene.awaitExit()).isZero();
            assertThat(scene.count(line -> line.contains("the application is process ")))
                    .isEqualTo(1);
        }
    }

    @Test
    void processesBesideTheApplicationAreStartedAndEndedWithIt() {
        ExecScene.Setting setting = ExecScene.setting()
                .options(
                        "--child",
                        "worker=sh -c 'trap \"echo worker ends; exit 0\" TERM; echo \"worker, port [$PORT]\";"
                                + " while :; do sleep 0.1; done'")
                .set("exec.children.once.command", "sh,-c,echo once")
                .set("exec.children.once.essential", "false");
        try (ExecScene scene = setting.node()) {
            scene.awaitLine("worker, port []");
            scene.awaitLine("once ended with exit code 0");
            scene.awaitLine("the application is ready");
            scene.gateway().terminate();
            assertThat(scene.awaitExit()).isZero();
            assertThat(scene.said("worker ends")).isTrue();
        }
    }

    @Test
    void everythingEndsWithAProcessThatIsEssential() {
        try (ExecScene scene = ExecScene.setting()
                .variable("READY_FILE", directory.resolve("ready").toString())
                .options("--child", "worker=sh -c 'until [ -e \"$READY_FILE\" ]; do sleep 0.1; done; exit 6'")
                .node()) {
            assertThat(scene.awaitExit()).isEqualTo(6);
            assertThat(scene.said("app got SIGTERM")).isTrue();
        }
    }

    @Test
    void whatItStartedIsGoneWithIt() {
        Peers.require("node");
        try (ExecScene scene = ExecScene.setting().node()) {
            long application = scene.application();
            scene.awaitLine("the application is ready");
            scene.gateway().terminate();
            scene.awaitExit();
            assertThat(ProcessHandle.of(application).filter(ProcessHandle::isAlive))
                    .isEmpty();
        }
    }
}
