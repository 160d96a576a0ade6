package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.upstream.OriginConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations of {@code docs/platforms}, and whom each believes about a visitor's address. */
class PlatformConfigurationsTest {
    private static final Path PLATFORMS = Path.of("docs/platforms");

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(PLATFORMS)) {
            return files.filter(file -> file.toString().endsWith(".conf")).toList();
        }
    }

    private static GatewayConfig load(Path file, Map<String, String> environment) {
        Map<String, String> options = new HashMap<>();
        if (file.toString().contains("heroku")) {
            // The child that exec starts.
            options.put("origin.url", "http://127.0.0.1:3000");
        }
        Loaded<GatewayConfig> loaded = GatewayConfig.load(file, environment, options);
        assertThat(loaded.problems()).isEmpty();
        return loaded.value();
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachCanBeUsedAsItIs(Path file) {
        assertThat(load(file, Map.of()).listeners()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachDecidesByPoliciesFromTheStart(Path file) throws IOException {
        if (file.toString().contains("heroku")) {
            assertThat(Files.readString(file.resolveSibling("Procfile")))
                    .contains("--set policies.path=esper/starter.conf");
            return;
        }
        Policies policies = Policies.load(load(file, Map.of()));
        assertThat(policies.problems()).isEmpty();
        assertThat(policies.set().count()).isPositive();
    }

    @Test
    void theFunctionsImageHasThePoliciesWhereItsConfigurationLooks() throws IOException {
        assertThat(Files.readAllLines(PLATFORMS.resolve("aws-lambda/Dockerfile")))
                .contains("COPY conf/policies/starter.conf ${LAMBDA_TASK_ROOT}/conf/policies/");
    }

    @ParameterizedTest
    @CsvSource({"vercel/gateway.conf", "aws-lambda/front.conf", "google-cloud/front.conf"})
    void aPlatformIsAskedByTheHostThatItKnows(String file) {
        OriginConfig origin = load(PLATFORMS.resolve(file), Map.of()).origin();
        assertThat(origin.host()).isEqualTo(OriginConfig.HostHeader.REWRITE);
        assertThat(origin.places()).startsWith("https://");
    }

    @Test
    void whatARecipeCopiesIsThere() throws IOException {
        assertThat(Files.readAllLines(PLATFORMS.resolve("aws-lambda/Dockerfile")).stream()
                        .filter(line -> line.startsWith("COPY docs/"))
                        .flatMap(line -> Stream.of(line.split(" ")))
                        .filter(word -> word.startsWith("docs/")))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Path.of(file)).exists());
        assertThat(Files.readString(PLATFORMS.resolve("cloudflare/wrangler.toml")))
                .contains("main = \"worker.mjs\"");
    }

    @ParameterizedTest
    @CsvSource({"google-cloud/gateway.conf", "heroku/gateway.conf"})
    void thePortOfThePlatformIsListenedOn(String file) {
        GatewayConfig config = load(PLATFORMS.resolve(file), Map.of("PORT", "8123"));
        assertThat(config.listeners().get(0).address().toString()).contains("0.0.0.0", "8123");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heroku/gateway.conf | 10.1.33.7 | x-forwarded-for | 192.0.2.66, 198.51.100.7 | 198.51.100.7",
                "heroku/gateway.conf | 203.0.113.5 | x-forwarded-for | 198.51.100.7 | 203.0.113.5",
                "google-cloud/gateway.conf | 169.254.169.126 | x-forwarded-for | 192.0.2.66, 198.51.100.7 | 198.51.100.7",
                "google-cloud/gateway.conf | 203.0.113.5 | x-forwarded-for | 198.51.100.7 | 203.0.113.5",
                "cloudflare/gateway.conf | 172.68.1.2 | cf-connecting-ip | 198.51.100.7 | 198.51.100.7",
                "cloudflare/gateway.conf | 2606:4700::7 | cf-connecting-ip | 2001:db8::1 | 2001:db8::1",
                "cloudflare/gateway.conf | 172.68.1.2 | x-forwarded-for | 198.51.100.7 | 172.68.1.2",
                "cloudflare/gateway.conf | 203.0.113.5 | cf-connecting-ip | 198.51.100.7 | 203.0.113.5",
                "aws-lambda/gateway.conf | 127.0.0.1 | x-lambda-source-ip | 198.51.100.7 | 198.51.100.7",
                "aws-lambda/gateway.conf | 127.0.0.1 | x-forwarded-for | 198.51.100.7 | 127.0.0.1",
                "vercel/gateway.conf | 203.0.113.5 | x-forwarded-for | 198.51.100.7 | 203.0.113.5",
            })
    void onlyThePlatformIsBelieved(String file, String peer, String field, String value, String visitor) {
        ClientAddressRules rules =
                load(PLATFORMS.resolve(file), Map.of()).client().rules();
        assertThat(rules.resolve(IpAddress.parse(peer), name -> name.equals(field) ? List.of(value) : List.of())
                        .address())
                .isEqualTo(IpAddress.parse(visitor));
    }
}
