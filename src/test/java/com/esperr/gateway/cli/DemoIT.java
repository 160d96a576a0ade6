package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo} as a process: every line of the table it prints does what the table says. */
class DemoIT {
    private static final Pattern ROW =
            Pattern.compile("^ {2}(\\S.*?) {2,}(?:(\\d{3}(?: … \\d{3})?) +)?((?:curl|for) .*)$");
    private static final int SIGINT_BIT = 1 << 1;

    @TempDir
    private Path temporary;

    private GatewayProcess demo;

    @BeforeEach
    void start() {
        demo = GatewayProcess.start(
                List.of("-Djava.io.tmpdir=" + temporary),
                Map.of(),
                "demo",
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
        demo.awaitLine(line -> line.startsWith("Ctrl-C ends the demo."));
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    private List<Matcher> table() {
        return demo.lines().stream().map(ROW::matcher).filter(Matcher::matches).toList();
    }

    @Test
    void everyPrintedCommandShowsThePrintedOutcome() {
        List<Matcher> rows = table();
        assertThat(rows.stream().map(row -> row.group(2)))
                .containsExactly("200", "403", "302", "403", "200 … 403", "200", null);
        for (Matcher row : rows) {
            PrintedCommand command = PrintedCommand.parse(row.group(3));
            List<RawResponse> responses = command.perform();
            String outcome = row.group(2) == null ? "200" : row.group(2);
            assertThat(responses.get(0).status()).as(row.group()).isEqualTo(Integer.parseInt(outcome.substring(0, 3)));
            assertThat(responses.get(responses.size() - 1).status())
                    .as(row.group())
                    .isEqualTo(Integer.parseInt(outcome.substring(outcome.length() - 3)));
            assertThat(responses.get(0).bodyText()).contains(command.grep());
        }
    }

    @Test
    void theBurstIsCutAtTheSixthRequest() {
        Matcher burst = table().stream()
                .filter(row -> row.group(1).contains("burst"))
                .findFirst()
                .orElseThrow();
        assertThat(PrintedCommand.parse(burst.group(3)).perform().stream().map(RawResponse::status))
                .containsExactly(200, 200, 200, 200, 200, 403, 403);
    }

    @Test
    void theChallengeLeadsToAPageThatIsThere() {
        String browser =
                "GET /challenge-me?a=b HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nUser-Agent: x\r\n\r\n";
        RawResponse redirect = RawClient.exchange(demo.port(), browser);
        assertThat(redirect.header("Location"))
                .startsWith("/challenge?return_url=")
                .contains("challenge-me%3Fa%3Db");
        RawResponse page = RawClient.exchange(
                demo.port(), "GET " + redirect.header("Location") + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(page.status()).isEqualTo(200);
    }

    @Test
    void isReadyWhenTheTableIsPrinted() {
        RawResponse ready = RawClient.exchange(demo.adminPort(), "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(ready.status()).as(ready.bodyText()).isEqualTo(200);
    }

    @Test
    void sigtermEndsItCleanly() throws IOException {
        endsCleanly(demo.terminate());
    }

    @Test
    void ctrlCEndsItCleanly() throws IOException {
        assumeFalse(
                interruptIsIgnored(),
                "SIGINT is ignored in this process and therefore in its children, as a shell does for background jobs");
        endsCleanly(demo.interrupt());
    }

    private void endsCleanly(GatewayProcess ending) throws IOException {
        assertThat(ending.awaitExit()).as(String.join("\n", ending.lines())).isZero();
        assertThat(ending.lines()).noneMatch(line -> line.contains("Exception"));
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("esper-")))
                    .isEmpty();
        }
    }

    private static boolean interruptIsIgnored() throws IOException {
        String mask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(mask, 16) & SIGINT_BIT) != 0;
    }
}
