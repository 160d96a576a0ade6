package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestValuesTest {
    @Test
    void credentialsAreLeftOutWhateverIsHandedIn() {
        VisitorRequest request = VisitorRequest.builder("GET", "/")
                .header("Authorization", "Bearer s3cret")
                .header("PROXY-AUTHORIZATION", "s3cret")
                .header("Cookie", "s3cret")
                .header("X-Esper-Api-Key", "s3cret")
                .header("Accept", "text/html")
                .queryParam("esper_challenge_proof", "s3cret")
                .queryParam("step", "2")
                .build();
        assertThat(request.headers()).isEqualTo(Map.of("accept", "text/html"));
        assertThat(request.queryParams()).isEqualTo(Map.of("step", "2"));
    }

    @Test
    void theLastOfSeveralValuesCounts() {
        VisitorRequest request = VisitorRequest.builder("GET", "/")
                .header("Accept", "a")
                .header("ACCEPT", "b")
                .cookie("c", "1")
                .cookie("c", "2")
                .build();
        assertThat(request.headers()).isEqualTo(Map.of("accept", "b"));
        assertThat(request.cookies()).isEqualTo(Map.of("c", "2"));
    }

    @Test
    void theUserAgentIsTheHeaderUnlessItIsSet() {
        assertThat(Fixtures.visitor().userAgent()).isEqualTo("curl/8.7.1");
        assertThat(VisitorRequest.builder("GET", "/")
                        .userAgent("x")
                        .header("User-Agent", "y")
                        .build()
                        .userAgent())
                .isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.23, 198.51.100.23",
        "2001:db8::1, 2001:db8::1",
        "0:0:0:0:0:0:0:1, 0:0:0:0:0:0:0:1",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "fe80::1%eth0, fe80::1",
    })
    void addressesAreLiterals(String given, String sent) {
        assertThat(VisitorRequest.builder("GET", "/").clientIp(given).build().clientIp())
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "shop.test",
                "1.2.3",
                "1.2.3.256",
                "1.2.3.4.",
                "1.2.3.4.5",
                "01.2.3.4",
                "1::2::3",
                ":::",
                "12345::"
            })
    void whatIsNoAddressIsRefusedWithoutALookUp(String text) {
        assertThatThrownBy(
                        () -> VisitorRequest.builder("GET", "/").clientIp(text).build())
                .isInstanceOf(EsperValidationException.class)
                .hasMessage("request.client_ip: " + text + " (expected: an IP address)");
    }

    @Test
    void allProblemsOfARequestAreNamed() {
        assertThatThrownBy(() -> VisitorRequest.builder("G T", "basket?a=b").build())
                .hasMessage("request.method: G T (expected: an HTTP method); "
                        + "request.path: basket?a=b (expected: a path that begins with / and has no query)");
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.test, https://shop.test",
        "https://shop.test/a?x=%2F&y, https://shop.test/a?x=%2F&y",
        "https://shop.test/a#b, https://shop.test/a",
        "https://shop.test/a?esper_challenge_proof=t, https://shop.test/a",
        "https://shop.test/a?x=1&esper_challenge_proof=t&y=2&esper_challenge_proof, https://shop.test/a?x=1&y=2",
        "https://shop.test/a?%65sper_challenge_proof=t&y, https://shop.test/a?y",
        "https://shop.test/a?my_esper_challenge_proof=t, https://shop.test/a?my_esper_challenge_proof=t",
        "https://shop.test/a b?x=\"|<>\\^`{}, https://shop.test/a%20b?x=%22%7C%3C%3E%5C%5E%60%7B%7D",
        "https://shop.test/50%, https://shop.test/50%25",
        "https://shop.test/é€😀, https://shop.test/%C3%A9%E2%82%AC%F0%9F%98%80",
        "HTTP://shop.test/, HTTP://shop.test/",
    })
    void aReturnUrlIsAUrlWithoutProof(String given, String sent) {
        assertThat(MitigationRequest.builder(Fixtures.visitor(), given).build().returnUrl())
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/basket",
                "//shop.test/",
                "https:///x",
                "https://",
                "ftp://shop.test",
                "javascript:alert(1)",
                "https://a@shop.test/"
            })
    void aReturnUrlIsAbsolute(String url) {
        assertThatThrownBy(
                        () -> MitigationRequest.builder(Fixtures.visitor(), url).build())
                .isInstanceOf(EsperValidationException.class)
                .hasMessageStartingWith("return_url: ");
    }

    @Test
    void fieldsAreScalars() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("list", new int[0]);
        fields.put("nothing", null);
        fields.put("nan", Double.NaN);
        assertThatThrownBy(() -> new BeaconEvent(" ", null, null, null, null, fields))
                .hasMessageContaining("tenant_id: empty (expected: a text)")
                .hasMessageContaining("fields.list: int[] (expected: a text, a finite number or a boolean)")
                .hasMessageContaining("fields.nothing: null")
                .hasMessageContaining("fields.nan: NaN");
    }

    @Test
    void valuesCannotBeChangedBehindTheBack() {
        Map<String, Object> fields = new HashMap<>(Map.of("a", "b"));
        BeaconEvent event = new BeaconEvent(null, null, null, null, null, fields);
        fields.put("c", "d");
        assertThat(event.fields()).isEqualTo(Map.of("a", "b"));
        assertThatThrownBy(() -> event.fields().put("c", "d")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatIsPrintedHasNoValues() {
        MitigationRequest question = MitigationRequest.builder(Fixtures.visitor(), Fixtures.RETURN_URL)
                .field("email", "a@shop.test")
                .build();
        assertThat(question).hasToString("MitigationRequest[GET /basket, fields=[email]]");
        assertThat(Fixtures.event()).hasToString("BeaconEvent[GET /basket, fields=[email]]");
    }

    @Test
    void whatIsShownIsShortAndOnOneLine() {
        assertThatThrownBy(() -> VisitorRequest.builder("GET", "a\r\nb\u202e" + "c".repeat(1000))
                        .build())
                .hasMessage("request.path: a??b?" + "c".repeat(59)
                        + "… (expected: a path that begins with / and has no query)");
    }
}
