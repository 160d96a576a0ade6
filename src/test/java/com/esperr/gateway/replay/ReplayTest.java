package com.esperr.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.Routes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final long START = 1_777_882_530_120L;
    private static final String BURST = """
            policies = [
              { policy_id = burst, clauses = [ { name = fast, match { field = request_path, operator = Eq, value = /search },
                window { seconds = 10, threshold = %d }, mitigation = challenge, lifetime = 30s } ] }
              { policy_id = tools, clauses = [ { name = curl, match { all = [ { field = user_agent, operator = starts_with, value = curl },
                { field = "query_param[x]", operator = is_present } ] }, mitigation = block } ] } ]
            """;

    @TempDir
    private Path directory;

    private PolicySet policies(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        LoadedPolicies loaded = PolicyLoader.load(new PolicyConfig(
                List.of(file),
                Map.of(),
                Duration.ZERO,
                1000,
                1000,
                null,
                new PolicyConfig.Bodies(1, 1, Duration.ZERO)));
        assertThat(loaded.problems()).isEmpty();
        return loaded.policies();
    }

    private static Replay.Terms terms(PolicySet policies, PolicySet against) {
        return terms(policies, against, null);
    }

    private static Replay.Terms terms(PolicySet policies, PolicySet against, String name) {
        return terms(policies, against, name, ChallengeUrl.parse("https://challenge.invalid/"));
    }

    private static Replay.Terms terms(PolicySet policies, PolicySet against, String name, ChallengePlace challenge) {
        return new Replay.Terms(
                policies,
                against,
                new Replay.Limits(10_000, 10_000, 64),
                challenge,
                new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
                new PathRules(PathOptions.STRICT),
                Routes.NONE,
                "test",
                name,
                3);
    }

    private static Recorded request(long atMillis, String path, String client, String userAgent, String... fields) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            names.add(fields[i]);
            values.add(fields[i + 1]);
        }
        return new Recorded(
                START + atMillis,
                "R" + atMillis,
                "GET",
                path,
                client,
                userAgent,
                names,
                values,
                BotFacts.NONE,
                false,
                null,
                Recorded.Said.NOTHING);
    }

    private static Recorded ofSet(String set, Recorded one) {
        return new Recorded(
                one.atMillis(),
                one.reference(),
                one.method(),
                one.path(),
                one.client(),
                one.userAgent(),
                one.names(),
                one.values(),
                one.bot(),
                one.exempt(),
                set,
                one.said());
    }

    @Test
    void requestsAboutWhichAnotherSetDecidesAreLeftOut() throws IOException, InterruptedException {
        PolicySet set = policies("a.conf", BURST.formatted(1));
        Recorded common = request(0, "/search", "192.0.2.1", "firefox");
        Path file = write("r", List.of(common, ofSet("api", common), ofSet("api", common), ofSet("web", common)));
        Replay.Outcome usual = Replay.run(terms(set, null), List.of(file));
        assertThat(usual.requests()).isEqualTo(1);
        assertThat(usual.others()).isEqualTo(3);
        assertThat(usual.different()).isEqualTo(1);
        Replay.Outcome api = Replay.run(terms(set, null, "api"), List.of(file));
        assertThat(api.requests()).isEqualTo(2);
        assertThat(api.others()).isEqualTo(2);
    }

    private Path write(String name, List<Recorded> requests) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream plain = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
            for (Recorded request : requests) {
                out.write(RecordedJson.write(request));
            }
        }
        return file;
    }

    /** Random visitors, as often on a page that counts as not. */
    private static List<Recorded> traffic(int count) {
        Random random = new Random(8);
        List<Recorded> requests = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < count; i++) {
            at += random.nextInt(300);
            requests.add(request(
                    at,
                    random.nextBoolean() ? "/search" : "/page/" + random.nextInt(10),
                    "192.0.2." + random.nextInt(20),
                    random.nextInt(10) == 0 ? "curl/8" : "Mozilla/5.0",
                    random.nextInt(4) == 0 ? "query_param[x]" : "query_param[y]",
                    "1"));
        }
        return requests;
    }

    @Test
    void theSameSetSaysTheSame() throws Exception {
        PolicySet set = policies("a.conf", BURST.formatted(4));
        Replay.Outcome outcome = Replay.run(terms(set, set), List.of(write("r.jsonl", traffic(20_000))));
        assertThat(outcome.requests()).isEqualTo(20_000);
        assertThat(outcome.compared()).isEqualTo(20_000);
        assertThat(outcome.different()).isZero();
        // Both do something, or the above would mean little.
        Replay.Outcome said = Replay.run(terms(set, null), List.of(write("r.jsonl", traffic(20_000))));
        assertThat(said.differences())
                .extracting(Difference::label)
                .containsExactlyInAnyOrder("allow -> challenge", "allow -> block");
    }

    @Test
    void anotherThresholdMakesExactlyTheDifferenceItMakes() throws Exception {
        List<Recorded> requests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            requests.add(request(i * 100L, "/search", "192.0.2.1", "Mozilla/5.0"));
            requests.add(request(i * 20_000L + 50, "/search", "192.0.2.2", "Mozilla/5.0"));
        }
        // Thirty seconds later the visitor is free again.
        requests.add(request(31_000, "/page", "192.0.2.1", "Mozilla/5.0"));
        requests.sort((a, b) -> Long.compare(a.atMillis(), b.atMillis()));
        PolicySet three = policies("a.conf", BURST.formatted(3));
        PolicySet five = policies("b.conf", BURST.formatted(5));
        Replay.Outcome outcome = Replay.run(terms(three, five), List.of(write("r.jsonl", requests)));
        assertThat(outcome.different()).isEqualTo(2);
        assertThat(outcome.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.label()).isEqualTo("allow -> challenge");
            assertThat(difference.rules(5)).containsExactly(Map.entry("burst/fast", 2L));
            assertThat(difference.visitors(5)).containsExactly(Map.entry("192.0.2.1 Mozilla/5.0", 2L));
            assertThat(difference.samples())
                    .containsExactly(
                            "2026-05-04T08:15:30.320Z GET /search 192.0.2.1 Mozilla/5.0 (R200)",
                            "2026-05-04T08:15:30.420Z GET /search 192.0.2.1 Mozilla/5.0 (R300)");
        });
        Replay.Outcome back = Replay.run(terms(five, three), List.of(directory.resolve("r.jsonl")));
        assertThat(back.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.label()).isEqualTo("challenge -> allow");
            assertThat(difference.rules(5)).containsExactly(Map.entry("burst/fast", 2L));
        });
    }

    @Test
    void itMakesNoDifferenceHowManyDecide() throws Exception {
        PolicySet three = policies("three.conf", BURST.formatted(3));
        PolicySet five = policies("five.conf", BURST.formatted(5));
        Path file = write("r.jsonl", traffic(30_000));
        assertThat(Sharing.of(terms(three, five), 4).deciders()).isEqualTo(4);
        Replay.Outcome alone = Replay.run(terms(three, five), List.of(file), 1);
        assertThat(alone.different()).isPositive();
        for (int deciders : new int[] {2, 5}) {
            Replay.Outcome together = Replay.run(terms(three, five), List.of(file), deciders);
            assertThat(told(together)).isEqualTo(told(alone));
        }
        assertThat(Replay.run(terms(three, three), List.of(file), 5).different())
                .isZero();
    }

    private static List<Object> told(Replay.Outcome outcome) {
        List<Object> told = new ArrayList<>(
                List.of(outcome.requests(), outcome.unreadable(), outcome.others(), outcome.notCompared()));
        outcome.differences()
                .forEach(difference -> told.add(List.of(
                        difference.label(),
                        difference.count(),
                        difference.rules(100),
                        difference.visitors(100),
                        difference.samples())));
        return told;
    }

    @Test
    void visitorsWhoCanBeCountedTogetherBelongToOne() throws Exception {
        String window = " window { seconds = 10, threshold = 3 }, mitigation = block } ] }";
        String entities = """
                entities = [ { name = by-agent, key_fields = [ user_agent ] }, { name = by-both, key_fields = [ client_ip, user_agent ] } ]
                policies = [ { policy_id = a, clauses = [ { entity = by-agent,""" + window + ", { policy_id = b, clauses = [ { entity = %s," + window + " ]";
        assertThat(policies("none.conf", "policies = []").apart()).isEmpty();
        assertThat(policies("both.conf", entities.formatted("by-both")).apart())
                .extracting(Object::toString)
                .containsExactly("user_agent");
        PolicySet apart = policies(
                "apart.conf",
                entities.replace("client_ip, user_agent", "client_ip").formatted("by-both"));
        assertThat(apart.apart()).isNull();
        assertThat(Sharing.of(terms(apart, null), 4).deciders()).isEqualTo(1);
    }

    @Test
    void requestsThatEndedInAnotherOrderAreTakenAsTheyCame() throws Exception {
        List<Recorded> requests = traffic(5000);
        List<Recorded> shuffled = new ArrayList<>(requests);
        Collections.shuffle(shuffled, new Random(3));
        PolicySet set = policies("a.conf", BURST.formatted(4));
        Replay.Outcome inOrder = Replay.run(terms(set, null), List.of(write("a.jsonl", requests)));
        Replay.Outcome otherwise = Replay.run(terms(set, null), List.of(write("b.jsonl.gz", shuffled)));
        assertThat(otherwise.different()).isEqualTo(inOrder.different());
    }

    @Test
    void whatIsNotTheirsIsNotCompared() throws Exception {
        Recorded known = request(0, "/page", "192.0.2.1", "curl/8", "query_param[x]", "1");
        Recorded others = new Recorded(
                START,
                null,
                "GET",
                "/page",
                "192.0.2.1",
                "curl/8",
                known.names(),
                known.values(),
                BotFacts.NONE,
                false,
                null,
                null);
        Recorded exempt = new Recorded(
                START,
                null,
                "GET",
                "/page",
                "192.0.2.1",
                "curl/8",
                known.names(),
                known.values(),
                BotFacts.NONE,
                true,
                null,
                new Recorded.Said(Action.ALLOW, null, null));
        PolicySet set = policies("a.conf", BURST.formatted(4));
        Replay.Outcome outcome = Replay.run(terms(set, null), List.of(write("r", List.of(known, others, exempt))));
        assertThat(outcome.requests()).isEqualTo(3);
        assertThat(outcome.compared()).isEqualTo(1);
        assertThat(outcome.different()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNotThereIsCalledOnce() throws IOException {
        Path nowhere = directory.resolve("nowhere.log");
        assertThatThrownBy(() -> Replay.run(terms(policies("a.conf", BURST.formatted(4)), null), List.of(nowhere)))
                .hasMessage(nowhere + ": no such file (expected: a recording or an access log)");
    }

    @Test
    void hashedVisitorsAreStillTold() throws Exception {
        List<Recorded> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            requests.add(request(i, "/search", "aa" + "0".repeat(62), "Mozilla/5.0"));
            requests.add(request(i, "/search", "b" + i + "0".repeat(62), "Mozilla/5.0"));
        }
        PolicySet set = policies("a.conf", BURST.formatted(4));
        assertThat(Replay.run(terms(set, null), List.of(write("r", requests))).different())
                .isEqualTo(1);
    }

    @Test
    void accessLogsAreReadAndOtherLinesCounted() throws Exception {
        Path log = Files.writeString(
                directory.resolve("access.log"),
                "192.0.2.1 - - [04/May/2026:08:15:30 +0000] \"GET /?x=1 HTTP/1.1\" 200 1 \"-\" \"curl/8\"\r\n"
                        + "not a line\n\n{\"at\":1}\n{}\n{\"at\":\n"
                        + "192.0.2.1 - - [04/May/2026:08:15:31 +0000] \"GET /..%2f..%2fetc HTTP/1.1\" 400 1 \"-\" \"curl/8\"\n"
                        + "192.0.2.2 - - [04/May/2026:08:15:31 +0000] \"GET /?y=1 HTTP/1.1\" 200 1 \"-\" \"curl/8\"");
        PolicySet set = policies("a.conf", BURST.formatted(4));
        PolicySet none = policies("none.conf", "policies = []");
        Replay.Outcome outcome = Replay.run(terms(set, none), List.of(log));
        assertThat(outcome.requests()).isEqualTo(2);
        assertThat(outcome.unreadable()).isEqualTo(5);
        assertThat(outcome.different()).isEqualTo(1);
        assertThat(outcome.differences().get(0).label()).isEqualTo("allow -> block");
    }

    @Test
    void aFileThatIsNotThereIsSaid() throws Exception {
        PolicySet set = policies("a.conf", BURST.formatted(4));
        assertThatThrownBy(() -> Replay.run(terms(set, null), List.of(directory.resolve("none"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    @Test
    @Timeout(120)
    void whoDiesOfAnErrorKeepsNobodyWaiting() throws Exception {
        PolicySet set = policies("a.conf", BURST.formatted(4));
        Replay.Terms deadly = terms(set, null, null, request -> {
            throw new OutOfMemoryError("no room for a challenge");
        });
        Path file = write("r.jsonl", traffic(30_000));
        assertThatThrownBy(() -> Replay.run(deadly, List.of(file), 2))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("no room for a challenge");
    }

    @Test
    void whatVisitorsWriteCannotMoveTheCursor() {
        Difference difference = new Difference(Action.ALLOW, Action.BLOCK, 1);
        difference.add(
                1,
                request(0, "/\u001b[2J", "192.0.2.1", "evil\r\n\u001b]0;x\u0007" + "y".repeat(500)),
                Recorded.Said.NOTHING,
                Recorded.Said.NOTHING);
        assertThat(difference.samples().get(0))
                .doesNotContain("\u001b", "\r", "\n", "\u0007")
                .hasSizeLessThan(300);
    }
}
