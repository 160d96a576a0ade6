package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReturnUrlTest {
    @ParameterizedTest
    @CsvSource({
        "/basket, https://shop.test/basket",
        "/basket?step=2, https://shop.test/basket?step=2",
        "/basket?, https://shop.test/basket?",
        "/b?esper_challenge_proof=t0k.en, https://shop.test/b",
        "/b?a=%20+%C3%A9&esper_challenge_proof=x&b=2, https://shop.test/b?a=%20+%C3%A9&b=2",
        "/b?esper_challenge_proof=1&a=1&esper_challenge_proof=2, https://shop.test/b?a=1",
        "/b?a=1&esper%5Fchallenge_proof=x, https://shop.test/b?a=1",
        "/b?esper_challenge_proof, https://shop.test/b",
        "/b?esper_challenge_proof2=x, https://shop.test/b?esper_challenge_proof2=x",
        "/b?a=esper_challenge_proof, https://shop.test/b?a=esper_challenge_proof",
    })
    void isTheUrlAskedForWithoutAnyProof(String target, String expected) {
        assertThat(ReturnUrl.of(Requests.get(target).context())).isEqualTo(expected);
    }

    @Test
    void keepsTheSchemeAndPortOfTheVisitor() {
        RequestContext request = Requests.hostless("GET", "/")
                .with("Host", "shop.test:8080")
                .scheme("http")
                .context();
        assertThat(ReturnUrl.of(request)).isEqualTo("http://shop.test:8080/");
    }

    @Test
    void isUnknownForARequestThatNamesNoHost() {
        assertThat(ReturnUrl.of(Requests.hostless("GET", "/").context())).isNull();
    }
}
