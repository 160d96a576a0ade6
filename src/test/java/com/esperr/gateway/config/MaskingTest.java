package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    private static final String SECRET = "hunter2hunter2";

    @TempDir
    Path directory;

    private String everythingPrinted(String text, Map<String, String> environment, Map<String, String> options) {
        ConfigSource source = ConfigSource.load(write(directory, "g.conf", text), environment, options)
                .withReference(Sample.reference());
        Loaded<String> loaded = Configurations.read(source, root -> {
            root.entries("headers");
            root.raw("policies");
            root.section("esper").parsedOrNull("api-key", "a number", Integer::valueOf);
            root.section("listen").integer("backlog", 1, 200);
            root.section("limits").duration("timeout", java.time.Duration.ZERO, java.time.Duration.ofDays(1));
            return "read";
        });
        return loaded.problems() + "\n" + loaded.warnings() + "\n" + loaded.render();
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-key", "clientSecret", "TOKEN", "db-password", "passphrase", "keys", "credentials"})
    void namesOfSecretsAreRecognised(String name) {
        assertThat(Masking.sensitive(name)).isTrue();
    }

    @Test
    void theFieldsOfAnEntityAreNoSecret() {
        assertThat(Masking.sensitive("entities[0].key_fields[1]")).isFalse();
        assertThat(Masking.sensitive("key_fields.api-key")).isTrue();
    }

    @Test
    void valuesOfSensitiveKeysAreNeverPrinted() {
        String fromFile = everythingPrinted("esper.api-key = " + SECRET, Map.of(), Map.of());
        assertThat(fromFile).contains("esper.api-key: *** (expected: a number)").doesNotContain(SECRET);
        assertThat(everythingPrinted("", Map.of("ESPER_ESPER_API_KEY", SECRET), Map.of()))
                .contains("environment ESPER_ESPER_API_KEY: esper.api-key: ***")
                .doesNotContain(SECRET);
        assertThat(everythingPrinted("", Map.of(), Map.of("esper.api-key", SECRET)))
                .contains("option esper.api-key: esper.api-key: ***")
                .doesNotContain(SECRET);
    }

    @Test
    void secretsAreMaskedWhereSubstitutionsCopyThem() {
        assertThat(everythingPrinted(
                        "esper.api-key = " + SECRET + "\nlisten.backlog = x${esper.api-key}", Map.of(), Map.of()))
                .contains("listen.backlog: x*** (expected: 1..200)")
                .doesNotContain(SECRET);
        assertThat(everythingPrinted("listen.backlog = ${ESPER_MY_TOKEN}", Map.of("ESPER_MY_TOKEN", SECRET), Map.of()))
                .contains("listen.backlog: *** (expected: 1..200)")
                .doesNotContain(SECRET);
    }

    @Test
    void secretsInFreeTreesAndListsAreMasked() {
        assertThat(everythingPrinted(
                        "headers { X-Token = " + SECRET + " }\npolicies = [{ secrets = [" + SECRET + "], name = n }]",
                        Map.of(),
                        Map.of()))
                .contains("headers.X-Token = ***", "policies[0].secrets[0] = ***", "policies[0].name = n")
                .doesNotContain(SECRET);
    }

    @Test
    void userInformationInUrlsIsMasked() {
        assertThat(everythingPrinted("listen.address = \"redis://user:pw@host:6379/0\"", Map.of(), Map.of()))
                .contains("listen.address = redis://***@host:6379/0")
                .doesNotContain("user:pw");
    }

    @Test
    void aSyntaxErrorOnALineWithASecretDoesNotQuoteIt() {
        assertThat(everythingPrinted("esper.api-key = \"" + SECRET, Map.of(), Map.of()))
                .contains("g.conf:1: syntax error (expected: HOCON)")
                .doesNotContain(SECRET);
        assertThat(everythingPrinted("esper { api-key = " + SECRET + " } }", Map.of(), Map.of()))
                .doesNotContain(SECRET);
    }

    @Test
    void aValueCannotForgeALineOfTheReport() {
        assertThat(everythingPrinted("listen.backlog = \"1\\ng.conf:9: mode: forged\"", Map.of(), Map.of()))
                .contains("listen.backlog: 1 g.conf:9: mode: forged (expected: 1..200)");
    }

    @Test
    void longValuesAreCut() {
        assertThat(everythingPrinted("listen.backlog = " + "x".repeat(5000), Map.of(), Map.of()))
                .contains("listen.backlog: " + "x".repeat(200) + "… (expected: 1..200)");
    }

    @Test
    void renderingShowsWhatIsInForceAndWhereItComesFrom() {
        ConfigSource source = ConfigSource.load(null, Map.of("ESPER_MODE", "cloud"), Map.of("limits.ratio", "1"))
                .withReference(Sample.reference());
        assertThat(Configurations.read(source, root -> "read").render()).isEqualTo("""
                        esper.api-key = null  # reference.conf:8
                        esper.url = https://api.example  # reference.conf:8
                        headers = {}  # reference.conf:16
                        limits.enabled = true  # reference.conf:13
                        limits.header-bytes = 64 KiB  # reference.conf:10
                        limits.ratio = 1  # option limits.ratio
                        limits.timeout = 10 s  # reference.conf:11
                        listen.address = 127.0.0.1:8080  # reference.conf:5
                        listen.backlog = 128  # reference.conf:6
                        mode = cloud  # environment ESPER_MODE
                        policies = []  # reference.conf:19
                        pools = {}  # reference.conf:18
                        routes = []  # reference.conf:17
                        trusted[0] = 127.0.0.1  # reference.conf:15
                        """);
    }

    @Test
    void thePathOfAFileWithASecretIsNone() {
        Masking masking = Masking.of(
                ConfigFactory.parseString("api-key-file = \"/etc/esper/key\", api-key = \"my-secret-file\"")
                        .root(),
                ConfigFactory.empty().root(),
                List.of());
        assertThat(masking.shown("esper.api-key-file", "/etc/esper/key")).isEqualTo("/etc/esper/key");
        assertThat(masking.shown("esper.api-key", "my-secret-file")).isEqualTo("***");
        assertThat(masking.scrub("a my-secret-file")).isEqualTo("a ***");
        assertThat(Masking.sensitive("api-key = my-secret-file")).isTrue();
    }
}
