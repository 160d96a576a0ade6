package com.esperr.gateway.esper;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EsperConfigTest {
    @TempDir
    Path directory;

    @Test
    void theReferenceNeedsOnlyAKey() {
        EsperConfig config = Configs.of("");
        assertThat(config.apiUrl()).hasToString("https://api.esperr.com");
        assertThat(config.mitigationPath()).isEqualTo("/api/v1/runtime/mitigation");
        assertThat(config.profile()).isEqualTo(Profile.NESTED);
        assertThat(config.warnings()).isEmpty();
        assertThat(problems("")).containsExactly("esper: no API key");
    }

    @Test
    void aKeyNeverShowsItself() {
        assertThat(Configs.of("").toString()).contains("***").doesNotContain(Configs.KEY);
        assertThat(ApiKey.parse("secret").maskedIn("a secret b secret")).isEqualTo("a *** b ***");
        assertThat(ApiKey.NONE.maskedIn("same")).isEqualTo("same");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "line\\nbreak", "ümlaut"})
    void aKeyMustFitIntoAHeader(String key) {
        assertThat(Configs.load("api-key = \"" + key + "\"").problems())
                .anyMatch(problem -> problem.path().equals("esper.api-key"))
                .noneMatch(problem -> problem.toString().contains(key));
    }

    @Test
    void aKeyMayStandInAFileWithALineEnd() throws IOException {
        Path file = file("from-file\n", "rw-------");
        EsperConfig config = Configs.load("api-key-file = \"" + file + "\"").value();
        assertThat(config.apiKey().text()).isEqualTo("from-file");
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void aKeyFileThatEverybodyCanReadIsWorthAWarning() throws IOException {
        Path file = file("from-file", "rw-r--r--");
        assertThat(Configs.load("api-key-file = \"" + file + "\"").value().warnings())
                .singleElement()
                .asString()
                .contains("can be read by every user")
                .doesNotContain("from-file");
    }

    @Test
    void aKeyAndAFileWithAKeyAreOneTooMany() throws IOException {
        Path file = file("from-file", "rw-------");
        assertThat(problems("api-key = another, api-key-file = \"" + file + "\""))
                .containsExactly("esper.api-key-file: " + file);
    }

    @Test
    void aKeyFileMustBeThereAndHoldOnlyTheKey() throws IOException {
        Path large = file("k".repeat(5000), "rw-------");
        Path lines = file("one\ntwo", "rw-------");
        for (Path file : List.of(directory.resolve("absent"), large, lines)) {
            assertThat(problems("api-key-file = \"" + file + "\"")).containsExactly("esper.api-key-file: " + file);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://api.example:8080, true",
        "http://10.0.0.1, true",
        "http://127.0.0.1:8080, false",
        "http://localhost, false",
        "https://api.example, false"
    })
    void aKeyInClearTextIsWorthAWarning(String url, boolean warned) {
        assertThat(!Configs.of("api-url = \"" + url + "\"").warnings().isEmpty())
                .isEqualTo(warned);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api-url = \"api.esperr.com\" | esper.api-url: api.esperr.com",
                "mitigation-path = \"no-slash\" | esper.mitigation-path: no-slash",
                "mitigation-path = \"/a b\" | esper.mitigation-path: /a b",
                "headers = [ Authorization ] | esper.headers[0]: Authorization",
                "headers = [ accept, cookie ] | esper.headers[1]: cookie",
                "headers = [ \"a b\" ] | esper.headers[0]: a b",
                "profile = flat | esper.profile: flat",
                "profile = legacy-flat | esper.tenant-id: empty",
                "repeated = none | esper.repeated: none",
                "fields { a = \"cookies[x]\" } | esper.fields: a = cookies[x]",
                "answer { action = [] } | esper.answer.action: []",
                "answer { action = [ a..b ] } | esper.answer.action[0]: a..b",
                "answer { acton = [ a ] } | esper.answer.acton: unknown",
            })
    void mistakesAreNamed(String hocon, String problem) {
        assertThat(problems("api-key = k\n" + hocon)).anyMatch(found -> found.startsWith(problem));
    }

    private static List<String> problems(String hocon) {
        return Configs.load(hocon).problems().stream()
                .map(EsperConfigTest::text)
                .toList();
    }

    private static String text(Problem problem) {
        return problem.path() + ": " + problem.value();
    }

    private Path file(String text, String permissions) throws IOException {
        Path file = Files.createTempFile(directory, "key", "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return Files.writeString(file, text);
    }
}
