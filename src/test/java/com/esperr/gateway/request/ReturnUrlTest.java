package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\0',
            value = {
                "/?a=\"<>\\^`{|} /?a=%22%3C%3E%5C%5E%60%7B%7C%7D",
                "/?a=100%&b=%z1 /?a=100%25&b=%25z1",
                "/?a=%2 /?a=%252",
                "/?[a]=1;b=@:!$'()*,~ /?[a]=1;b=@:!$'()*,~",
            })
    void isAlwaysALegalUrl(String target, String expected) {
        String url = ReturnUrl.of(Requests.get(target).context());
        assertThat(url).isEqualTo("https://shop.test" + expected);
        assertThat(URI.create(url)).hasHost("shop.test");
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
