package com.esperr.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.Routes;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many recorded requests are replayed in a second, printed, not judged: of a recording with the fields that are recorded if nothing is said, by
 * the demonstration's policies. The figure of {@code docs/operations.md} is measured with {@code -Dreplay.lines=500000 -Dreplay.rounds=6}.
 */
class ReplaySpeedIT {
    private static final int LINES = Integer.getInteger("replay.lines", 20_000);
    private static final int ROUNDS = Integer.getInteger("replay.rounds", 2);
    private static final List<String> NAMES = List.of(
            "request_host",
            "referrer",
            "body_type",
            "request_header[accept]",
            "request_header[accept-language]",
            "request_header[accept-encoding]",
            "request_header[origin]");
    private static final String AGENT =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

    @TempDir
    private Path directory;

    @Test
    void everyRequestIsShown() throws Exception {
        Path file = write();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        LoadedPolicies policies = PolicyLoader.load(List.of(Path.of("conf/policies/demo.conf")));
        Replay.Terms terms = new Replay.Terms(
                policies.policies(),
                null,
                new Replay.Limits(1_000_000, 1_000_000, 64),
                ChallengeUrl.parse("https://challenge.example/"),
                new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
                new PathRules(PathOptions.STRICT),
                Routes.NONE,
                "test",
                null,
                5);
        for (int round = 1; round <= ROUNDS; round++) {
            long wall = System.nanoTime();
            long cpu = system.getProcessCpuTime();
            Replay.Outcome outcome = Replay.run(terms, List.of(file));
            wall = System.nanoTime() - wall;
            cpu = system.getProcessCpuTime() - cpu;
            System.out.printf(
                    "replay, round %d: %,d requests, %,.0f a second, %,.0f a second of processor time%n",
                    round, outcome.requests(), LINES * 1e9 / wall, LINES * 1e9 / cpu);
            assertThat(outcome.requests()).isEqualTo(LINES);
            assertThat(outcome.unreadable()).isZero();
        }
    }

    private Path write() throws IOException {
        Path file = directory.resolve("requests.jsonl");
        Random random = new Random(5);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            long at = 1_770_000_000_000L;
            for (int i = 0; i < LINES; i++) {
                at += random.nextInt(3);
                int page = random.nextInt(2000);
                out.write(RecordedJson.write(new Recorded(
                        at,
                        "R" + Integer.toHexString(i),
                        "GET",
                        "/catalogue/section-" + page % 20 + "/article-" + page,
                        "198.51." + random.nextInt(64) + '.' + random.nextInt(256),
                        random.nextInt(20) == 0 ? "curl/8.5.0" : AGENT,
                        NAMES,
                        Arrays.asList(
                                "shop.test",
                                "https://shop.test/catalogue/section-" + page % 20,
                                null,
                                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                                "en-US,en;q=0.5",
                                "gzip, deflate, br",
                                null),
                        BotFacts.NONE,
                        false,
                        null,
                        Recorded.Said.NOTHING)));
            }
        }
        return file;
    }
}
