package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway recorded, shown to the policies it had and to others. */
class ReplayIT {
    private static final String POLICIES = """
            policies = [
              { policy_id = tools, clauses = [ { name = bad, match { field = user_agent, operator = starts_with, value = Bad },
                mitigation = block } ] }
              { policy_id = burst, clauses = [ { name = fast, match { field = request_path, operator = Eq, value = /search },
                window { seconds = 3600, threshold = %d }, mitigation = challenge, lifetime = 1h } ] } ]
            """;

    @TempDir
    private Path directory;

    private Path policies(String name, int threshold) throws IOException {
        return Files.writeString(directory.resolve(name), POLICIES.formatted(threshold));
    }

    /** Records 40 requests of four visitors, ten of each on the page that counts; returns the file. */
    private Path record(Path policies) {
        Path file = directory.resolve("requests.jsonl");
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start(Map.of(
                        "origin.url", origin.url(),
                        "policies.path", policies.toString(),
                        "challenge.url", "https://challenge.example/",
                        "client.trusted-proxies", "loopback",
                        "record.file", file.toString()))) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                for (int i = 0; i < 10; i++) {
                    for (int visitor = 1; visitor <= 4; visitor++) {
                        client.send("GET /search?q=secret HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 192.0.2."
                                + visitor + "\r\nUser-Agent: " + (visitor == 4 ? "BadBot" : "Mozilla/5.0")
                                + "\r\n\r\n");
                        client.readResponse();
                    }
                }
            }
        }
        return file;
    }

    private Ran replay(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "replay";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Ran.command(all);
    }

    @Test
    void theSamePoliciesMakeNoDifferenceAndOthersTheirOwn() throws IOException {
        Path five = policies("five.conf", 5);
        Path seven = policies("seven.conf", 7);
        Path file = record(five);
        assertThat(Files.readString(file)).doesNotContain("secret");

        Ran same = replay("--policies", five.toString(), file.toString());
        assertThat(same.err()).isEmpty();
        assertThat(same.out().get(0)).startsWith("40 requests at ").endsWith(", 40 compared, 0 lines unreadable");
        assertThat(same.out().get(1)).isEqualTo("0 different (0.000 %)");
        assertThat(same.code()).isZero();

        // Each of the three is challenged from the seventh request on instead of from the fifth on.
        Ran other = replay("--policies", seven.toString(), file.toString());
        assertThat(other.out()).contains("6 different (15.000 %)", "challenge -> allow  6", "         6  burst/fast");
        assertThat(other.out()).contains("         2  192.0.2.1 Mozilla/5.0");
        assertThat(other.code()).isEqualTo(1);
        assertThat(replay("--policies", seven.toString(), "--tolerate", "6", file.toString())
                        .code())
                .isZero();
        assertThat(replay("--policies", seven.toString(), "--tolerate", "15%", file.toString())
                        .code())
                .isZero();
        assertThat(replay("--policies", seven.toString(), "--tolerate", "14.9%", file.toString())
                        .code())
                .isEqualTo(1);

        Ran sets =
                replay("--policies", five.toString(), "--against", seven.toString(), "--samples", "1", file.toString());
        assertThat(sets.out()).contains("allow -> challenge  6");
        assertThat(sets.out().stream().filter(line -> line.contains("GET /search")))
                .hasSize(1);
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        Path five = policies("five.conf", 5);
        Path broken =
                Files.writeString(directory.resolve("broken.conf"), "policies = [ { policy_id = x, clauses = 7 } ]");
        Path empty = Files.createFile(directory.resolve("empty.jsonl"));
        assertThat(replay("--policies", broken.toString(), empty.toString()).code())
                .isEqualTo(2);
        assertThat(replay("--policies", five.toString(), "none.jsonl").code()).isEqualTo(2);
        assertThat(replay("--policies", five.toString(), "--tolerate", "few", empty.toString())
                        .err())
                .containsExactly("--tolerate: few (expected: a number such as 100, or a share such as 0.1%)");
        // Nothing was compared, so nothing is known to be the same.
        assertThat(replay("--policies", five.toString(), empty.toString()).code())
                .isEqualTo(1);
        assertThat(replay(empty.toString()).code()).isEqualTo(2);
    }
}
