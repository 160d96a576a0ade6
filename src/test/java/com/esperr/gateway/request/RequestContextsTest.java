package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestContextsTest {
    private static FailureReason refusal(Requests request) {
        FailureException refused = catchThrowableOfType(FailureException.class, request::context);
        assertThat(refused).as("refused").isNotNull();
        return refused.reason();
    }

    @Test
    void pathAndQueryAreTakenApartOnce() {
        RequestContext request = Requests.get("/a/../b%7e?x=%2e&y").context();
        assertThat(request.path()).isEqualTo("/b~");
        assertThat(request.forwardPath()).isEqualTo("/b~");
        assertThat(request.rawQuery()).isEqualTo("x=%2e&y");
        assertThat(request.forwardTarget()).isEqualTo("/b~?x=%2e&y");
        assertThat(request.url()).isEqualTo("https://shop.test/b~?x=%2e&y");
        assertThat(Requests.get("/").context().rawQuery()).isNull();
        assertThat(Requests.get("/?").context().forwardTarget()).isEqualTo("/?");
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.test/x,        shop.test,      http",
        "http://SHOP.test/x,        shop.test,      http",
        "http://shop.test:80/x,     shop.test,      http",
        "http://shop.test/x,        shop.test:80,   http",
        "https://shop.test:443/x,   shop.test,      https",
        "http://shop.test:8080/x,   shop.test:8080, http"
    })
    void absoluteFormAndHostMayAgree(String target, String host, String scheme) {
        RequestContext request = Requests.hostless("GET", target)
                .with("Host", host)
                .scheme(scheme)
                .context();
        assertThat(request.path()).isEqualTo("/x");
        assertThat(request.forwardTarget()).isEqualTo("/x");
    }

    @ParameterizedTest
    @CsvSource({
        "http://other.test/,    shop.test,  http",
        "http://shop.test:81/,  shop.test,  http",
        "http://shop.test:443/, shop.test,  http",
        "http://shop.test./x,   shop.tes,   http"
    })
    void absoluteFormAndHostMayNotDisagree(String target, String host, String scheme) {
        assertThat(refusal(Requests.hostless("GET", target).with("Host", host).scheme(scheme)))
                .isEqualTo(FailureReason.INVALID_HOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "user@shop.test",
                "shop.test/x",
                "shop.test:port",
                "shop.test:99999",
                "[::1",
                "a,b",
                "[fe80::1%25eth0]"
            })
    void whatIsNoHostIsRefused(String host) {
        assertThat(refusal(Requests.hostless("GET", "/").with("Host", host))).isEqualTo(FailureReason.INVALID_HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/%00", "/a\\b", "/../x", "x", "", "/a;b", "//user@x/..//..//..", "shop.test:443"})
    void aTargetThatIsNotOneThingIsRefused(String target) {
        assertThat(refusal(Requests.get(target))).isEqualTo(FailureReason.PATH_REFUSED);
    }

    @Test
    void theAsteriskIsAPathOfItsOwn() {
        RequestContext request =
                Requests.hostless("OPTIONS", "*").with("Host", "shop.test").context();
        assertThat(request.path()).isEqualTo("*");
        assertThat(request.forwardTarget()).isEqualTo("*");
        assertThat(refusal(Requests.get("*"))).isEqualTo(FailureReason.PATH_REFUSED);
    }

    @Test
    void aRequestWithoutHostHasNoAuthority() {
        assertThat(Requests.hostless("GET", "/").context().authority()).isEmpty();
        assertThat(Requests.hostless("GET", "/").context().host()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "shop.test, shop.test, shop.test",
        "Shop.Test.:8443, shop.test:8443, shop.test",
        "'[2001:DB8::1]:80', '[2001:db8::1]:80', '[2001:db8::1]'"
    })
    void theHostIsTheAuthorityWithoutItsPort(String sent, String authority, String host) {
        RequestContext request =
                Requests.hostless("GET", "/").with("Host", sent).context();
        assertThat(request.authority()).isEqualTo(authority);
        assertThat(request.host()).isEqualTo(host);
    }

    @Test
    void paddingCannotPushAParameterOrACookieOutOfSight() {
        String parameters = "/?" + "p=1&".repeat(20_000) + "evil=1";
        assertThat(refusal(Requests.get(parameters))).isEqualTo(FailureReason.TOO_MANY_PARAMETERS);
        String cookies = "c=1; ".repeat(5_000) + "evil=1";
        assertThat(refusal(Requests.get("/").with("Cookie", cookies))).isEqualTo(FailureReason.TOO_MANY_PARAMETERS);
    }

    @Test
    void severalCookieLinesAreOneListAndPaddedLikeOne() {
        Requests request = Requests.get("/");
        for (int i = 0; i < 90; i++) {
            request.with("Cookie", "c=1; ".repeat(95) + "d=1");
        }
        assertThat(refusal(request)).isEqualTo(FailureReason.TOO_MANY_PARAMETERS);
    }

    @Test
    void whatCameThroughThisProcessTooOftenGoesRoundInCircles() {
        String own = "1.1 " + Passages.told("esper-gateway");
        String others = "1.1 esper-gateway (0123456789ab), 1.1 edge, ".repeat(50);
        String thrice = others + String.join(", ", own, own, own);
        assertThat(Requests.get("/").with("Via", thrice).context().forwardPath())
                .isEqualTo("/");
        assertThat(refusal(Requests.get("/").with("Via", thrice).with("Via", own)))
                .isEqualTo(FailureReason.LOOP);
    }

    @Test
    void everyRequestHasAReferenceOfItsOwn() {
        String first = Requests.get("/").context().reference();
        assertThat(first).matches("[A-Z0-9]{6,}");
        assertThat(Requests.get("/").context().reference()).isNotEqualTo(first);
    }
}
