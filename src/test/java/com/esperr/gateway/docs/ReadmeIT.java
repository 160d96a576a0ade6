package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.WebApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Does what README tells a reader to do, against the packaged jar; only the ports are others. */
class ReadmeIT {
    private static final Document README = Document.read("README.md");
    private static final String JAVA = "java -jar target/esper-gateway.jar ";
    private static final Pattern STATUS = Pattern.compile("(?m)^(?:HTTP/1\\.1 )?(\\d{3})\\b");

    private static DemoSite demo;

    @BeforeAll
    static void startTheDemo() {
        demo = DemoSite.start();
    }

    @AfterAll
    static void endTheDemo() {
        demo.close();
    }

    @Test
    void theDemoPrintsTheCommandsOfTheTable() {
        for (List<String> row : README.table("Ask", "Answer")) {
            assertThat(demo.lines()).anyMatch(line -> line.endsWith("  " + demo.here(Document.code(row.get(0)))));
        }
    }

    @Test
    void theCommandsOfTheTableAnswerWhatItSays() throws Exception {
        Peers.require("curl");
        for (List<String> row : README.table("Ask", "Answer")) {
            String command = Document.code(row.get(0));
            List<String> statuses = STATUS.matcher(demo.shell(command))
                    .results()
                    .map((MatchResult result) -> result.group(1))
                    .toList();
            List<String> told = row.get(1).startsWith("200 five times, then 403")
                    ? List.of("200", "200", "200", "200", "200", "403", "403")
                    : List.of(row.get(1).substring(0, 3));
            assertThat(statuses).as(command).isEqualTo(told);
        }
    }

    @Test
    void everyOtherCommandRuns() {
        for (String line : README.blockLines("sh")) {
            if (line.startsWith(JAVA + "check ")) {
                try (GatewayProcess check = GatewayProcess.start(arguments(line))) {
                    assertThat(check.awaitExit()).as(check.lines().toString()).isZero();
                }
            } else if (line.startsWith(JAVA + "run ")) {
                try (GatewayProcess run = GatewayProcess.start(arguments(line, "--listen", "127.0.0.1:0"))) {
                    run.awaitLine(text -> text.contains("listening on 127.0.0.1:"));
                    assertThat(run.terminate().awaitExit()).isZero();
                }
            } else if (line.startsWith(JAVA + "exec ")) {
                runsTheApplication(line);
            } else {
                // The first is what this class does as a whole, the other is what runs it.
                assertThat(line).isIn("mvn -q -DskipTests package && " + JAVA + "demo", "mvn -q verify");
            }
        }
    }

    private static void runsTheApplication(String line) {
        List<String> arguments = new ArrayList<>(
                List.of("exec", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--set", "exec.stop.timeout=20s"));
        String said = line.substring((JAVA + "exec ").length());
        assertThat(said).endsWith("-- node server.js");
        arguments.addAll(List.of(said.substring(0, said.indexOf("node")).split(" ")));
        // The reader's application is his own.
        arguments.addAll(WebApplication.command());
        try (GatewayProcess exec = GatewayProcess.start(arguments.toArray(String[]::new))) {
            exec.awaitLine(text -> text.contains("the application is ready"));
            // It ends by the signal that it is sent.
            assertThat(exec.terminate().awaitExit()).isEqualTo(143);
        }
    }

    private static String[] arguments(String line, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(line.substring(JAVA.length()).split(" ")));
        arguments.addAll(List.of(more));
        // The operator port of the reader may be in use.
        arguments.addAll(List.of("--admin", "127.0.0.1:0"));
        return arguments.toArray(String[]::new);
    }
}
