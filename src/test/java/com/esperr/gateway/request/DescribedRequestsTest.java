package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescribedRequestsTest {
    private static final RequestContexts CONTEXTS = new RequestContexts(
            new ClientAddressRules(CidrSet.of(List.of()), ForwardingHeader.X_FORWARDED_FOR),
            new PathRules(PathOptions.STRICT),
            Routes.NONE,
            "edge-1",
            () -> 0);

    private static RequestContext of(UnaryOperator<RequestDescription> description) {
        return CONTEXTS.described(description.apply(new RequestDescription()));
    }

    private static String value(RequestContext request, String field) {
        return FieldReference.parse(field).value(request);
    }

    @Test
    void everyFactThatIsToldIsAFieldOfTheModel() {
        RequestContext request = of(told -> told.method("GET")
                .path("/basket")
                .header("User-Agent", "curl/8.7.1")
                .header("referer", "https://shop.test/")
                .header("content-type", "text/plain; charset=utf-8")
                .queryParam("step", "2 & 3")
                .cookie("sid", "c0;ffee")
                .routeParam("id", "7")
                .clientIp("2001:DB8::1")
                .returnUrl("https://shop.test/basket?step=2")
                .source("edge-gw-eu")
                .observedAtMillis(1_777_882_530_120L));
        assertThat(value(request, "request_method")).isEqualTo("GET");
        assertThat(value(request, "request_path")).isEqualTo("/basket");
        assertThat(value(request, "request_host")).isEqualTo("shop.test");
        assertThat(value(request, "request_header[USER-AGENT]")).isEqualTo("curl/8.7.1");
        assertThat(value(request, "user_agent")).isEqualTo("curl/8.7.1");
        assertThat(value(request, "referrer")).isEqualTo("https://shop.test/");
        assertThat(value(request, "body_type")).isEqualTo("text/plain");
        assertThat(value(request, "query_param[step]")).isEqualTo("2 & 3");
        assertThat(value(request, "cookie[sid]")).isEqualTo("c0;ffee");
        assertThat(value(request, "route_param[id]")).isEqualTo("7");
        assertThat(value(request, "client_ip")).isEqualTo("2001:db8::1");
        assertThat(value(request, "source_id")).isEqualTo("edge-gw-eu");
        assertThat(value(request, "observed_at")).isEqualTo("2026-05-04T08:15:30.120Z");
    }

    @ParameterizedTest
    @EnumSource(value = RequestField.class, mode = EnumSource.Mode.EXCLUDE, names = "OBSERVED_AT")
    void whatIsNotToldIsAbsent(RequestField field) {
        assertThat(field.read(of(told -> told), field.named() ? "x" : "")).isNull();
    }

    @Test
    void theAddressOfTheForwardingHeaderCountsOnlyAloneAndWithoutOneOfItsOwn() {
        assertThat(value(of(told -> told.header("x-forwarded-for", "198.51.100.23")), "client_ip"))
                .isEqualTo("198.51.100.23");
        assertThat(value(of(told -> told.header("x-forwarded-for", "192.0.2.1, 198.51.100.23")), "client_ip"))
                .isNull();
        assertThat(value(
                        of(told -> told.header("x-forwarded-for", "192.0.2.1").clientIp("198.51.100.23")), "client_ip"))
                .isEqualTo("198.51.100.23");
    }

    @Test
    void theUserAgentThatIsToldByItselfIsTheOnlyOne() {
        RequestContext request = of(told -> told.header("user-agent", "proxy/1").userAgent("curl/8.7.1"));
        assertThat(value(request, "user_agent")).isEqualTo("curl/8.7.1");
        assertThat(value(request, "request_header[user-agent]")).isEqualTo("curl/8.7.1");
    }

    @Test
    void charactersOfAHeaderBecomeTheBytesTheyStandFor() {
        // As the gateway tells them: one character a byte of UTF-8.
        assertThat(of(told -> told.header("x-name", "Ã©")).fields().get("x-name"))
                .isEqualTo("Ã©");
        // As programs tell them that know characters.
        assertThat(of(told -> told.header("x-name", "€")).fields().get("x-name"))
                .isEqualTo("â\u0082¬");
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../admin, /admin",
        "/%61dmin, /admin",
        "//admin, /admin",
        "/café, /café",
        "/caf%C3%A9, /café",
        "/a b, /a b",
        "*, *"
    })
    void thePathHasTheFormOfReceivedOnes(String told, String decided) {
        assertThat(of(request -> request.path(told)).path()).isEqualTo(decided);
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "/../admin", "/a%zz", "/a%2Fb", "/a?b=1", "/a\nb", "https://shop.test/a"})
    void aPathThatWouldBeRefusedIsNoDescription(String path) {
        assertThatThrownBy(() -> of(told -> told.path(path)))
                .isInstanceOf(DescriptionException.class)
                .hasMessageStartingWith("request.path: ");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertWrong("request.method", told -> told.method("GET /"));
        assertWrong("request.client_ip", told -> told.clientIp("198.51.100.300"));
        assertWrong("request.headers", told -> told.header("x y", "1"));
        assertWrong("request.headers.x-name", told -> told.header("X-Name", "a\r\nb: c"));
        assertWrong("request.user_agent", told -> told.userAgent("a\nb"));
        for (String url :
                List.of("/basket", "ftp://shop.test/", "https://user@shop.test/", "https://", "javascript:1")) {
            assertWrong("return_url", told -> told.returnUrl(url));
        }
        assertWrong("request.query_params", told -> {
            for (int i = 0; i < 1001; i++) {
                told.queryParam("p" + i, "");
            }
            return told;
        });
        assertWrong("request.cookies", told -> {
            for (int i = 0; i < 513; i++) {
                told.cookie("c" + i, "");
            }
            return told;
        });
    }

    private static void assertWrong(String field, UnaryOperator<RequestDescription> description) {
        assertThatThrownBy(() -> of(description))
                .isInstanceOfSatisfying(
                        DescriptionException.class,
                        wrong -> assertThat(wrong.field()).isEqualTo(field));
    }

    @Test
    void theVisitorComesBackToWhatWasToldWithoutAProof() {
        RequestContext request =
                of(told -> told.path("/other").returnUrl("https://shop.test/basket?a=1&esper_challenge_proof=x&b=%2F"));
        assertThat(ReturnUrl.of(request)).isEqualTo("https://shop.test/basket?a=1&b=%2F");
        assertThat(ReturnUrl.of(of(told -> told.returnUrl("https://shop.test/?esper_challenge_proof=x"))))
                .isEqualTo("https://shop.test/");
    }

    @Test
    void nobodyComesBackToWhatWasNotTold() {
        assertThat(ReturnUrl.of(of(told -> told.header("host", "shop.test").path("/"))))
                .isNull();
    }

    @Test
    void itCountsWhenItIsToldWhateverTheClockOfWhoTells() {
        RequestContext request = of(told -> told.observedAtMillis(1_777_882_530_120L));
        assertThat(request.observedAtMillis()).isEqualTo(1_777_882_530_120L);
        assertThat(request.countedAtMillis()).isZero();
    }

    @Test
    void theFieldsAreWhatIsKnownOfTheBody() {
        RequestContext request = of(told -> told.field("email", "a@shop.test").field("user->id", "7"));
        assertThat(value(request, "body[email]")).isEqualTo("a@shop.test");
        assertThat(value(request, "body[user->id]")).isEqualTo("7");
    }
}
