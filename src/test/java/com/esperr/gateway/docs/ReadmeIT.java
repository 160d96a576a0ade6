package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.TestDns;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what README tells a reader to do, against the packaged jar; only the ports are others. */
class ReadmeIT {
    private static final Document README = Document.read("README.md");
    private static final String JAVA = "java -jar target/esper-gateway.jar ";
    private static final Pattern LISTENING =
            Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+).*operator port (\\d+)");
    private static final Pattern STATUS = Pattern.compile("(?m)^(?:HTTP/1\\.1 )?(\\d{3})\\b");

    private static final String COMBINED =
            "203.0.113.7 - - [01/Nov/2026:10:00:00 +0000] \"GET /products HTTP/1.1\" 200 512 \"-\" \"curl/8.0\"\n"
                    .repeat(3);

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static GatewayProcess demo;
    private static String site;
    private static String operators;

    @BeforeAll
    static void startTheDemo() {
        demo = GatewayProcess.start("demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0");
        Matcher ports =
                LISTENING.matcher(demo.awaitLine(line -> LISTENING.matcher(line).find()));
        assertThat(ports.find()).isTrue();
        site = "127.0.0.1:" + ports.group(1);
        operators = "127.0.0.1:" + ports.group(2);
        demo.awaitLine(line -> line.contains("Ctrl-C ends the demo"));
        // Before anybody has asked for a page, so that readiness does not rest on a connection of theirs.
        await().atMost(Duration.ofSeconds(10)).until(() -> get("http://" + operators + "/readyz") == 200);
    }

    @AfterAll
    static void endTheDemo() {
        demo.terminate();
        assertThat(demo.awaitExit()).isZero();
        demo.close();
    }

    private static String here(String command) {
        return command.replace("127.0.0.1:8080", site).replace("127.0.0.1:9901", operators);
    }

    @Test
    void theDemoPrintsTheCommandsOfTheTable() {
        for (List<String> row : README.table("Ask", "Answer")) {
            assertThat(demo.lines()).anyMatch(line -> line.endsWith("  " + here(Document.code(row.get(0)))));
        }
    }

    @Test
    void theCommandsOfTheTableAnswerWhatItSays() throws Exception {
        Peers.require("curl");
        for (List<String> row : README.table("Ask", "Answer")) {
            String command = here(Document.code(row.get(0)));
            List<String> statuses = STATUS.matcher(shell(command))
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
    void everyOtherCommandRuns() throws IOException, InterruptedException {
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
            } else if (line.startsWith(JAVA + "bots check ")) {
                // The name of that address, and the address of that name, as the world has them.
                String name = "crawl-66-249-66-1.googlebot.com";
                try (TestDns dns = TestDns.start()
                                .pointer("66.249.66.1", 300, name)
                                .addresses(name, 300, "66.249.66.1");
                        GatewayProcess check = GatewayProcess.start(asking(dns, words(line)))) {
                    assertThat(check.awaitExit()).as(check.lines().toString()).isZero();
                    assertThat(check.lines().toString()).contains("66.249.66.1");
                }
            } else if (line.startsWith(JAVA + "replay ")) {
                Path log = Files.writeString(directory.resolve("access.log"), COMBINED);
                try (GatewayProcess replay = GatewayProcess.start(words(line.replace("access.log", log.toString())))) {
                    assertThat(replay.awaitExit()).as(replay.lines().toString()).isZero();
                    assertThat(replay.lines().toString()).contains("3 requests", "3 compared", "0 different");
                }
            } else if (line.startsWith("curl -X ")) {
                String command = here(line).replace("curl ", "curl -s -w '%{http_code}' ");
                assertThat(shell(command.replace("$USER", "ops"))).as(line).endsWith("200");
            } else if (!line.startsWith(JAVA + "mitigate ")
                    && !line.equals(ClientExampleIT.command())
                    && !ServiceReadmeIT.commands().contains(line)) {
                // The first is what this class does as a whole, the other is what runs it.
                assertThat(line).isIn("mvn -q -DskipTests package && " + JAVA + "demo", "mvn -q verify");
            }
        }
    }

    @Test
    void theVisitorIsMitigatedFoundAndLetGo() throws Exception {
        List<String> commands = README.blockLines("sh").stream()
                .filter(line -> line.startsWith(JAVA + "mitigate "))
                .map(line -> line + " --admin " + operators)
                .toList();
        assertThat(commands).hasSize(3);
        JsonNode added = new ObjectMapper().readTree(shell(commands.get(0)));
        assertThat(shell(commands.get(1))).contains("price scraping");
        shell(commands.get(2).replace("KEY", added.path("key").asText()));
        assertThat(shell(commands.get(1))).isEmpty();
    }

    /** The words behind the name of the program; those between quotes are one. */
    /** The same, which asks {@code dns}. */
    private static String[] asking(TestDns dns, String... words) {
        List<String> more = new ArrayList<>(List.of(words));
        more.addAll(List.of("--set", "bots.dns.servers=" + dns.authority()));
        return more.toArray(String[]::new);
    }

    private static String[] words(String line) {
        return Pattern.compile("\"([^\"]*)\"|(\\S+)")
                .matcher(line.substring(JAVA.length()))
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toArray(String[]::new);
    }

    private static String[] arguments(String line, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(line.substring(JAVA.length()).split(" ")));
        arguments.addAll(List.of(more));
        // The operator port of the reader may be in use.
        arguments.addAll(List.of("--admin", "127.0.0.1:0"));
        return arguments.toArray(String[]::new);
    }

    @Test
    void theLineOfTheAccessLogHasTheMembersShown() throws Exception {
        int status = 200;
        for (int i = 0; i < 20 && status == 200; i++) {
            status = get("http://" + site + "/search?q=shoes");
        }
        assertThat(status).isEqualTo(403);
        String line = demo.awaitLine(text -> text.contains("\"reader\"") && text.contains("\"status\":403"));
        ObjectMapper json = new ObjectMapper();
        JsonNode shown = json.readTree(README.blocks("json").get(0));
        assertThat(members("", json.readTree(line))).isEqualTo(members("", shown));
        assertThat(shown.path("cause").path("policy"))
                .isEqualTo(json.readTree(line).path("cause").path("policy"));
    }

    private static int get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("User-Agent", "reader")
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static List<String> members(String path, JsonNode node) {
        List<String> members = new ArrayList<>();
        node.fieldNames().forEachRemaining(name -> {
            members.add(path + name);
            members.addAll(members(path + name + ".", node.get(name)));
        });
        return members;
    }

    private static String shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Arrays.asList("sh", "-c", command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command).isTrue();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}
