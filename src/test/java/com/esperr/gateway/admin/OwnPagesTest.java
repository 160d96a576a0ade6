package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnPagesTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', false",
        "http://127.0.0.1:9901, '', false",
        "http://127.0.0.1:9901, same-origin, false",
        "https://127.0.0.1:9901, same-origin, false",
        "'', none, false",
        "http://127.0.0.1:8080, same-site, true",
        "http://127.0.0.1:8080, '', true",
        "http://127.0.0.1, '', true",
        "http://127.0.0.1:9901.evil.example, '', true",
        "http://evil.example, cross-site, true",
        "'', cross-site, true",
        "'', same-site, true",
        "null, '', true",
        "null, same-origin, true"
    })
    void onlyOurOwnPagesAndProgramsAreNotForeign(String origin, String site, boolean foreign) {
        assertThat(OwnPages.foreign(request(origin, site))).isEqualTo(foreign);
    }

    private static HttpRequest request(String origin, String site) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/mitigations");
        request.headers().set("host", "127.0.0.1:9901");
        if (!origin.isEmpty()) {
            request.headers().set("origin", origin);
        }
        if (!site.isEmpty()) {
            request.headers().set("sec-fetch-site", site);
        }
        return request;
    }
}
