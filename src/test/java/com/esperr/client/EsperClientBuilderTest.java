package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EsperClientBuilderTest {
    @Test
    void onlyTheKeyHasNoDefault() {
        assertThat(new EsperClientBuilder(Map.of()).apiKey("k").build())
                .hasToString("EsperClient[https://api.esperr.com/api/v1]");
        assertThatThrownBy(() -> new EsperClientBuilder(Map.of()).build())
                .isInstanceOf(EsperValidationException.class)
                .hasMessage("apiKey: missing (expected: 1 to 1024 visible ASCII characters)");
    }

    @Test
    void theEnvironmentFillsWhatIsNotSaid() {
        Map<String, String> environment = Map.of("ESPER_API_KEY", "k\n", "ESPER_API_URL", "https://esper.test");
        assertThat(new EsperClientBuilder(environment).build()).hasToString("EsperClient[https://esper.test/api/v1]");
        assertThat(new EsperClientBuilder(environment)
                        .apiUrl("https://other.test")
                        .build())
                .hasToString("EsperClient[https://other.test/api/v1]");
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        EsperValidationException refused = catchThrowableOfType(
                EsperValidationException.class,
                () -> new EsperClientBuilder(Map.of())
                        .apiKey("secret key")
                        .apiUrl("ftp://esper.test")
                        .timeout(Duration.ZERO)
                        .deadline(Duration.ofSeconds(-1))
                        .maxRetries(-1)
                        .retryDelay(Duration.ofDays(1))
                        .source(" ")
                        .httpClient(HttpClient.newBuilder()
                                .followRedirects(HttpClient.Redirect.NORMAL)
                                .build())
                        .build());
        assertThat(refused.group()).isEqualTo(ErrorGroup.VALIDATION);
        assertThat(refused.problems())
                .extracting(EsperValidationException.Problem::field)
                .containsExactly(
                        "apiKey", "apiUrl", "timeout", "deadline", "retryDelay", "maxRetries", "source", "httpClient");
        assertThat(refused).hasMessageContaining("maxRetries: -1 (expected: 0..100)");
        assertThat(refused.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "https://esper.test, https://esper.test/api/v1",
        "https://ESPER.test/, https://esper.test/api/v1",
        "https://esper.test:8443, https://esper.test:8443/api/v1",
        "https://esper.test/api/v1, https://esper.test/api/v1",
        "https://esper.test/api/v1/, https://esper.test/api/v1",
        "https://esper.test/proxy, https://esper.test/proxy/api/v1",
        "http://127.0.0.1:9000, http://127.0.0.1:9000/api/v1",
        "http://localhost:9000, http://localhost:9000/api/v1",
        "http://[::1]:9000, http://[::1]:9000/api/v1",
    })
    void theUrlIsSchemeAndHost(String url, String endpoint) {
        assertThat(Fixtures.builder().apiUrl(url).build()).hasToString("EsperClient[" + endpoint + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "esper.test",
                "//esper.test",
                "https://",
                "https:esper.test",
                "https://user:password@esper.test",
                "https://esper.test?x=1",
                "https://esper.test#x",
                "https://esper.test:0",
                "https://esper.test:70000",
                "https://esper test",
                "http://esper.test",
                "http://127.0.0.1.esper.test",
                "http://localhost.esper.test",
                "http://10.0.0.1",
            })
    void anyOtherUrlIsRefused(String url) {
        assertThatThrownBy(() -> Fixtures.builder().apiUrl(url).build())
                .isInstanceOf(EsperValidationException.class)
                .hasMessageStartingWith("apiUrl: ")
                .hasMessageNotContaining("password");
    }

    @Test
    void plainHttpToAnotherMachineHasToBeAllowed() {
        assertThatCode(() -> Fixtures.builder()
                        .apiUrl("http://esper.test")
                        .allowPlainHttp(true)
                        .build())
                .doesNotThrowAnyException();
    }

    @Test
    void answerKeysAreNames() {
        assertThatThrownBy(() -> new AnswerKeys(List.of(), List.of("a b"), List.of(), "X-Id", List.of(), List.of("ok")))
                .hasMessage("answerKeys.action: [] (expected: at least one name); "
                        + "answerKeys.redirectUrl: a b (expected: a name, or names with dots between)");
    }
}
