package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.FieldName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChallengeTracesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "sid=1; esper_challenge=x; b=2 | sid=1; b=2 | esper_challenge",
                "esper_challenge_1a2b3c=x | none | esper_challenge_1a2b3c",
                "__Host-esper_challenge_1a2b3c=x;sid=1 | sid=1 | __Host-esper_challenge_1a2b3c",
                "__secure-esper_challenge=x; sid=1 | sid=1 | __secure-esper_challenge",
                "sid=1;  esper_challenge = x | sid=1 | esper_challenge",
                "esper_challenge=a; esper_challenge=b | none | esper_challenge",
                "my_esper_challenge=x; esper_challenges=y | my_esper_challenge=x; esper_challenges=y | none",
                "sid=esper_challenge | sid=esper_challenge | none",
                "Esper_Challenge=x | Esper_Challenge=x | none",
            })
    void ourCookiesAreTakenOutAndOthersStayAsTheyStand(String line, String rest, String name) {
        RequestContext request = Requests.get("/").with("Cookie", line).context();
        assertThat(request.fields().get(FieldName.COOKIE)).isEqualTo(rest);
        if (name == null) {
            assertThat(request.traces()).isSameAs(ChallengeTraces.NONE);
        } else {
            assertThat(request.traces().cookies().first(name)).isNotNull();
        }
    }

    @Test
    void everyProofIsTakenOutOfTheQueryInAnySpelling() {
        RequestContext request = Requests.get(
                        "/b?a=%20+%C3%A9&esper_challenge_proof=t%2B0&&esper%5Fchallenge_proof=2&b")
                .context();
        assertThat(request.rawQuery()).isEqualTo("a=%20+%C3%A9&&b");
        assertThat(request.forwardTarget()).isEqualTo("/b?a=%20+%C3%A9&&b");
        assertThat(request.url()).isEqualTo("https://shop.test/b?a=%20+%C3%A9&&b");
        assertThat(request.query().first("esper_challenge_proof")).isNull();
        assertThat(request.traces().proofs()).containsExactly("t+0", "2");
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.test/b?esper_challenge_proof=x, https://shop.test/b",
        "https://shop.test/b?a=1&esper%5fchallenge_proof=x&c, https://shop.test/b?a=1&c",
        "https://shop.test/b?%65sper_challenge_proof=x, https://shop.test/b",
        "https://shop.test/esper_challenge_proof=x, https://shop.test/esper_challenge_proof=x",
        "https://shop.test/b?a=%20, https://shop.test/b?a=%20",
    })
    void aRefererLosesItsProof(String referer, String expected) {
        RequestContext request = Requests.get("/").with("Referer", referer).context();
        assertThat(request.fields().get(FieldName.REFERER)).isEqualTo(expected);
        assertThat(FieldReference.parse("referrer").value(request)).isEqualTo(expected);
    }

    @Test
    void otherLinesStayInOrder() {
        RequestContext request = Requests.get("/")
                .with("X-First", "1")
                .with("Cookie", "a=1; esper_challenge=x")
                .with("X-Second", "caf\u00e9")
                .with("Cookie", "esper_challenge=y")
                .with("Cookie", "")
                .context();
        assertThat(request.fields().toString())
                .isEqualTo("Host: shop.test\r\nX-First: 1\r\nCookie: a=1\r\nX-Second: caf\u00e9\r\nCookie: \r\n");
        assertThat(request.traces().cookies().all("esper_challenge")).containsExactly("x", "y");
    }

    @Test
    void aRequestWithoutTracesKeepsItsVeryHead() {
        RequestContext request = Requests.get("/b?a=1")
                .with("Cookie", "a=1; b=2")
                .with("Referer", "https://shop.test/?q=%41")
                .context();
        assertThat(request.traces()).isSameAs(ChallengeTraces.NONE);
        assertThat(request.traces().proofs()).isEqualTo(List.of());
    }
}
