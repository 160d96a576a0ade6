package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue of facts, as policies write them. */
class RequestFieldTest {
    private final RequestContext full = Requests.get("/account/7/%63af%C3%A9?a=1&a=2&b=x%20y&c")
            .with("User-Agent", "first")
            .with("User-Agent", "second")
            .with("Referer", "https://shop.test/")
            .with("Content-Type", " Application/JSON ; charset=utf-8")
            .with("Cookie", "s=1; t=2; s=3")
            .with("X-Two", "one")
            .with("x-two", "two")
            .route("/account/{id}/**", Tier.SENSITIVE)
            .context();
    private final RequestContext bare = Requests.hostless("GET", "/").context();

    private static @Nullable String read(String field, RequestContext request) {
        return FieldReference.parse(field).value(request);
    }

    @ParameterizedTest
    @CsvSource({
        "request_method,            GET",
        "request_path,              /account/7/café",
        "request_host,              shop.test",
        "request_header[X-TWO],     one",
        "request_header[user-agent],first",
        "query_param[a],            2",
        "query_param[b],            x y",
        "query_param[c],            ''",
        "cookie[s],                 1",
        "cookie[t],                 2",
        "route_param[id],           7",
        "source_id,                 edge-1",
        "observed_at,               2026-05-04T08:15:30.120Z",
        "client_ip,                 198.51.100.23",
        "user_agent,                first",
        "referrer,                  https://shop.test/",
        "body_type,                 application/json"
    })
    void readsWhatIsThere(String field, String value) {
        assertThat(read(field, full)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request_host",
                "request_header[x-two]",
                "query_param[a]",
                "cookie[s]",
                "route_param[id]",
                "user_agent",
                "referrer",
                "body_type"
            })
    void whatIsNotThereIsNothing(String field) {
        assertThat(read(field, bare)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"query_param[A]", "cookie[S]", "route_param[ID]", "query_param[d]"})
    void namesOtherThanOfHeadersHaveACase(String field) {
        assertThat(read(field, full)).isNull();
    }

    @ParameterizedTest
    @EnumSource(RequestField.class)
    void everyFieldIsWrittenAsItIsRead(RequestField field) {
        String text = field.named() ? field.label() + "[name]" : field.label();
        FieldReference reference = FieldReference.parse(text);
        assertThat(reference.field()).isEqualTo(field);
        assertThat(reference).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "request_pth",
                "REQUEST_PATH",
                " request_path",
                "request_path[x]",
                "request_path[]",
                "request_header",
                "request_header[]",
                "request_header[x",
                "request_header[x]y",
                "request_header x",
                "[x]",
                "cookie]x["
            })
    void whatIsNoFieldIsRefusedWithWhatIsExpected(String text) {
        assertThatThrownBy(() -> FieldReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ");
    }

    @Test
    void aNameInBracketsMayHoldBrackets() {
        assertThat(FieldReference.parse("query_param[a[0]]").name()).isEqualTo("a[0]");
    }
}
