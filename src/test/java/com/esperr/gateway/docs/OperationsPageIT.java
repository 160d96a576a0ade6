package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Peers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what {@code docs/operations.md} tells an operator to do, with the demonstration; only the ports are others. */
class OperationsPageIT {
    private static final String JAVA = "java -jar target/esper-gateway.jar ";
    private static final String COMBINED =
            "203.0.113.7 - - [01/Nov/2026:10:00:00 +0000] \"GET /products HTTP/1.1\" 200 512 \"-\" \"curl/8.0\"\n"
                    .repeat(3);

    private static final Pattern LINK = Pattern.compile("href=\"([^\"?]*)[^\"]*\"");

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
    void itsCommandsDoWhatItSays(@TempDir Path directory) throws Exception {
        Peers.require("curl");
        PageSteps steps = PageSteps.of("operations.md");
        mitigate(steps);
        for (String method : List.of("POST", "DELETE")) {
            String line = steps.take("curl -X " + method);
            String command = line.replace("curl ", "curl -s -w '%{http_code}' ").replace("$USER", "ops");
            assertThat(demo.shell(command)).as(line).endsWith("200");
        }
        assertThat(demo.shell(steps.take(JAVA + "plan "))).contains("-Xmx", "MaxDirectMemorySize");
        replay(steps.take(JAVA + "replay "), directory);
        steps.done();
    }

    private static void mitigate(PageSteps steps) throws IOException, InterruptedException {
        String at = " --admin " + demo.operators();
        JsonNode added = new ObjectMapper().readTree(demo.shell(steps.take(JAVA + "mitigate add ") + at));
        String list = steps.take(JAVA + "mitigate list ") + at;
        assertThat(demo.shell(list)).contains("price scraping");
        String remove = steps.take(JAVA + "mitigate remove KEY");
        demo.shell(remove.replace("KEY", added.path("key").asText()) + at);
        assertThat(demo.shell(list)).isEmpty();
    }

    private static void replay(String line, Path directory) throws IOException {
        Path log = Files.writeString(directory.resolve("access.log"), COMBINED);
        String command = line.substring(JAVA.length()).replace("access.log", log.toString());
        try (GatewayProcess replay = GatewayProcess.start(command.split(" "))) {
            assertThat(replay.awaitExit()).as(replay.lines().toString()).isZero();
            assertThat(replay.lines().toString()).contains("3 requests", "3 compared", "0 different");
        }
    }

    @Test
    void thePathsOfTheOperatorPortAreInItsTable() throws Exception {
        Peers.require("curl");
        Document page = Document.read("docs/operations.md");
        String told =
                page.table("Path", "Answers").stream().map(row -> row.get(0)).collect(Collectors.joining());
        assertThat(LINK.matcher(demo.shell("curl -s http://127.0.0.1:9901/")).results())
                .hasSizeGreaterThan(8)
                .allSatisfy(link -> assertThat(told).contains("`" + link.group(1) + "`"));
    }

    @Test
    void theLineOfTheAccessLogHasTheMembersShown() throws Exception {
        int status = 200;
        for (int i = 0; i < 20 && status == 200; i++) {
            status = demo.status("/search?q=shoes");
        }
        assertThat(status).isEqualTo(403);
        ObjectMapper json = new ObjectMapper();
        JsonNode line = json.readTree(demo.awaitLine(403));
        JsonNode shown =
                json.readTree(Document.read("docs/operations.md").blocks("json").get(0));
        assertThat(members("", line)).isEqualTo(members("", shown));
        assertThat(shown.path("cause").path("policy"))
                .isEqualTo(line.path("cause").path("policy"));
    }

    private static List<String> members(String path, JsonNode node) {
        List<String> members = new ArrayList<>();
        node.fieldNames().forEachRemaining(name -> {
            members.add(path + name);
            members.addAll(members(path + name + ".", node.get(name)));
        });
        return members;
    }
}
