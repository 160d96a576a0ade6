package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The dashboard of Grafana and the alerts of Prometheus ask for what gateways that did something really expose. */
class MonitoringIT {
    private static final Path DASHBOARD = Path.of("docker/grafana/dashboards/esper-gateway.json");
    private static final Path ALERTS = Path.of("docker/prometheus/alerts.yml");
    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+)(?:\\{(.*)})? [^ ]+$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{ ?([$.a-z_]+) ?}}");
    private static final String POLICIES = """
            policies = [ { policy_id = door, priority = 1, clauses = [
                { name = gone, match { field = request_path, operator = Eq, value = /blocked }, mitigation = block }
                { name = ask, match { field = request_path, operator = Eq, value = /asked }, mitigation = challenge } ] } ]
            """;

    /** What was exposed: labels of each metric, and their values. */
    private static final Map<String, Map<String, Set<String>>> EXPOSED = new HashMap<>();

    @TempDir
    private static Path directory;

    private static final TestOrigin ORIGIN = TestOrigin.start();
    private static final TestEsper ESPER = TestEsper.start();

    @BeforeAll
    static void exercise() throws IOException {
        X509Bundle bundle = Certificates.issued(Certificates.authority(), "shop.test");
        Path policies = Files.writeString(directory.resolve("policies.conf"), POLICIES);
        String beacon = "beacon { mode = on, spool.directory = \"" + directory.resolve("spool") + "\" }\n";
        String esper = "esper { api-url = \"" + ESPER.url() + "\", api-key = \"" + TestEsper.API_KEY
                + "\", tenant-id = shop, retry = false }\n";
        String tls = "listeners = [ { address = \"127.0.0.1:0\", tls.certificates = [ { certificate-file = \""
                + Certificates.chain(bundle, directory.resolve("chain.pem")) + "\", key-file = \""
                + Certificates.key(bundle, directory.resolve("key.pem")) + "\" } ] } ]\n";
        visit(
                esper + beacon + tls + "policies.path = \"" + policies + "\"\ntraces.endpoint = \"" + ORIGIN.url()
                        + "/t\"",
                Map.of("log.access", directory.resolve("access.log").toString()));
        ESPER.answer(
                question -> question.toString().contains("/blocked") ? EsperReply.block("no") : EsperReply.allow());
        visit(esper, Map.of("mode", "cloud"));
        ESPER.inject(Fault.STATUS_500);
        visit(esper, Map.of("mode", "cloud"));
    }

    @AfterAll
    static void stop() {
        ESPER.close();
        ORIGIN.close();
    }

    private static void visit(String hocon, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of("origin.url", ORIGIN.url()));
        config.putAll(more);
        try (TestGateway gateway = TestGateway.start(hocon, config)) {
            for (String path : List.of("/page", "/blocked", "/asked")) {
                RawClient.exchange(
                        gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nAccept: text/html\r\n\r\n");
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> gateway.metrics().sum("esper_requests_total") == 3);
            String scrape = RawClient.exchange(gateway.adminPort(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .bodyText();
            scrape.lines().filter(line -> !line.startsWith("#")).forEach(MonitoringIT::expose);
        }
    }

    private static void expose(String line) {
        var sample = SAMPLE.matcher(line);
        if (sample.matches()) {
            Map<String, Set<String>> labels = EXPOSED.computeIfAbsent(sample.group(1), name -> new HashMap<>());
            String text = sample.group(2) == null ? "" : sample.group(2);
            LABEL.matcher(text)
                    .results()
                    .forEach(label -> labels.computeIfAbsent(label.group(1), name -> new HashSet<>())
                            .add(label.group(2)));
        }
    }

    private static void check(String where, String expression, String words) {
        Query query = Query.parse(expression);
        Set<String> known = new HashSet<>(query.grouped());
        for (Query.Series series : query.series()) {
            if (series.name().equals("up")) {
                // Prometheus's own; the job is the one in prometheus.yml.
                known.addAll(List.of("job", "instance"));
                continue;
            }
            assertThat(EXPOSED).as("%s: %s", where, expression).containsKey(series.name());
            Map<String, Set<String>> labels = EXPOSED.get(series.name());
            assertThat(labels.keySet())
                    .as("%s: labels of %s", where, series.name())
                    .containsAll(query.grouped());
            for (List<String> matcher : series.matchers()) {
                assertThat(labels).as("%s: %s", where, expression).containsKey(matcher.get(0));
                if (matcher.get(1).equals("=")) {
                    assertThat(labels.get(matcher.get(0)))
                            .as("%s: %s", where, expression)
                            .contains(matcher.get(2));
                }
            }
            if (query.grouped().isEmpty()) {
                known.addAll(labels.keySet());
            }
        }
        List<String> shown = LEGEND.matcher(words)
                .results()
                .map((MatchResult found) -> found.group(1).replace("$labels.", ""))
                .toList();
        known.add("instance");
        assertThat(known).as("%s: labels that %s shows", where, words).containsAll(shown);
    }

    @Test
    void everyPanelOfTheDashboardShowsWhatIsExposed() {
        JsonNode dashboard = new JsonMapper().readTree(DASHBOARD.toFile());
        List<JsonNode> panels = elements(dashboard.path("panels"));
        assertThat(panels).hasSizeGreaterThan(15);
        assertThat(panels.stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
        for (JsonNode panel : panels) {
            assertThat(elements(panel.path("targets"))).isNotEmpty();
            for (JsonNode target : elements(panel.path("targets"))) {
                check(
                        panel.path("title").asString(),
                        target.path("expr").asString(),
                        target.path("legendFormat").asString());
            }
        }
    }

    @Test
    void everyAlertAsksForWhatIsExposed() {
        JsonNode groups = new YAMLMapper().readTree(ALERTS.toFile()).path("groups");
        List<JsonNode> rules = new ArrayList<>();
        elements(groups).forEach(group -> rules.addAll(elements(group.path("rules"))));
        assertThat(rules).hasSizeGreaterThan(10);
        assertThat(rules.stream().map(rule -> rule.path("alert").asString())).doesNotHaveDuplicates();
        for (JsonNode rule : rules) {
            String name = rule.path("alert").asString();
            assertThat(rule.at("/labels/severity").asString()).as(name).isIn("page", "ticket");
            check(
                    name,
                    rule.path("expr").asString(),
                    rule.at("/annotations/summary").asString());
        }
    }

    @Test
    void prometheusReadsTheAlertsAndTheJobTheyName() throws IOException {
        String prometheus = Files.readString(Path.of("docker/prometheus/prometheus.yml"));
        assertThat(prometheus).contains("- alerts.yml", "job_name: esper-gateway");
        assertThat(Files.readString(Path.of("docker/compose.monitoring.yaml"))).contains("./prometheus/alerts.yml:");
    }

    @Test
    void aQueryThatPrometheusWouldRefuseIsNotUnderstood() {
        for (String wrong :
                List.of("sum(rate(a[5m])", "rate(a)", "a[5m]", "sum by (x) (a))", "a{b=c}", "nofunction(a[5m])", "1")) {
            assertThatThrownBy(() -> Query.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
