package com.esperr.gateway.http;

import static com.esperr.gateway.http.ClientForm.HTML;
import static com.esperr.gateway.http.ClientForm.HTMX;
import static com.esperr.gateway.http.ClientForm.PREFLIGHT;
import static com.esperr.gateway.http.ClientForm.PROBLEM_JSON;
import static com.esperr.gateway.http.ClientForm.SUBRESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFormTest {

    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    private static ClientForm form(String method, String... namesAndValues) {
        Fields.Builder fields = Fields.builder(4);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return ClientForm.of(method, fields.build());
    }

    @ParameterizedTest
    @CsvSource({
        "navigate, document, HTML",
        "navigate, iframe, HTML",
        "navigate, '', HTML",
        "navigate, empty, HTML",
        "no-cors, image, SUBRESOURCE",
        "no-cors, script, SUBRESOURCE",
        "cors, script, SUBRESOURCE",
        "no-cors, style, SUBRESOURCE",
        "cors, font, SUBRESOURCE",
        "no-cors, video, SUBRESOURCE",
        "cors, manifest, SUBRESOURCE",
        "same-origin, serviceworker, SUBRESOURCE",
        "cors, empty, PROBLEM_JSON",
        "same-origin, empty, PROBLEM_JSON",
        "no-cors, empty, PROBLEM_JSON",
        "websocket, websocket, WEBSOCKET",
        "websocket, '', WEBSOCKET",
        "nonsense, nonsense, PROBLEM_JSON",
    })
    void believesWhatABrowserSaysAboutItself(String mode, String destination, ClientForm expected) {
        assertThat(form("GET", "Sec-Fetch-Mode", mode, "Sec-Fetch-Dest", destination, "Accept", BROWSER))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8 | HTML",
                "text/html | HTML",
                "TEXT/HTML | HTML",
                "text/* | HTML",
                "application/xhtml+xml | HTML",
                "text/html;level=1 | HTML",
                "text/html;q=0.001 | HTML",
                "application/json, text/html | HTML",
                "application/json;q=0.5, text/html;q=0.6 | HTML",
                "text/html;q=0.5, application/json;q=0.5 | HTML",
                "text/*;q=0.9, application/json;q=0.8 | HTML",
                "text/html ; q=1.000 , */* | HTML",
                "foo/bar;x=\"a,text/none;q=0\", text/html | HTML",
                "*/* | PROBLEM_JSON",
                "application/json | PROBLEM_JSON",
                "application/problem+json | PROBLEM_JSON",
                "application/json, text/plain, */* | PROBLEM_JSON",
                "application/json, text/html;q=0.9 | PROBLEM_JSON",
                "application/vnd.api+json, text/html;q=0.5 | PROBLEM_JSON",
                "text/html;q=0, */* | PROBLEM_JSON",
                "text/html;q=0.0 | PROBLEM_JSON",
                "text/*, text/html;q=0 | PROBLEM_JSON",
                "text/html;q=2 | PROBLEM_JSON",
                "text/html;q=1.001 | PROBLEM_JSON",
                "text/html;q=0.1234 | PROBLEM_JSON",
                "text/html;q=-1 | PROBLEM_JSON",
                "text/html;q= | PROBLEM_JSON",
                "text/html;q=abc | PROBLEM_JSON",
                "text/plain | PROBLEM_JSON",
                "application/xml | PROBLEM_JSON",
                "text | PROBLEM_JSON",
                "/html | PROBLEM_JSON",
                "text/ | PROBLEM_JSON",
                ",,,;;; | PROBLEM_JSON",
                "\"text/html | PROBLEM_JSON",
                "image/avif,image/webp,*/*;q=0.8 | SUBRESOURCE",
                "text/css,*/*;q=0.1 | SUBRESOURCE",
                "audio/webm,*/* | SUBRESOURCE",
                "font/woff2 | SUBRESOURCE",
            })
    void weighsWhatTheClientAccepts(String accept, ClientForm expected) {
        assertThat(form("GET", "Accept", accept)).isEqualTo(expected);
    }

    @Test
    void severalAcceptLinesAreOneList() {
        assertThat(form("GET", "Accept", "application/json;q=0.2", "Accept", "text/html"))
                .isEqualTo(HTML);
    }

    @Test
    void aClientThatSaysNothingIsAProgram() {
        assertThat(form("GET")).isEqualTo(PROBLEM_JSON);
        assertThat(form("GET", "User-Agent", "curl/8.7.1", "Accept", "*/*")).isEqualTo(PROBLEM_JSON);
    }

    @Test
    void aScriptInAPageIsAProgram() {
        assertThat(form("GET", "X-Requested-With", "XMLHttpRequest", "Accept", BROWSER))
                .isEqualTo(PROBLEM_JSON);
        assertThat(form("POST", "Content-Type", "application/json; charset=utf-8", "Accept", BROWSER))
                .isEqualTo(PROBLEM_JSON);
        assertThat(form("POST", "Content-Type", "application/ld+json", "Accept", BROWSER))
                .isEqualTo(PROBLEM_JSON);
        assertThat(form("POST", "Content-Type", "application/x-www-form-urlencoded", "Accept", BROWSER))
                .isEqualTo(HTML);
    }

    @Test
    void anAppWithAWebViewIsABrowser() {
        assertThat(form("GET", "X-Requested-With", "com.example.app", "Accept", BROWSER))
                .isEqualTo(HTML);
        assertThat(form("GET", "X-Requested-With", "XMLHttpRequest", "Sec-Fetch-Mode", "navigate"))
                .isEqualTo(HTML);
    }

    @Test
    void htmxSaysSo() {
        assertThat(form("GET", "HX-Request", "true", "Accept", BROWSER)).isEqualTo(HTMX);
        assertThat(form("GET", "HX-Request", "no", "Accept", BROWSER)).isEqualTo(HTML);
    }

    @Test
    void aPreflightIsOptionsWithOriginAndTheMethodItAsksFor() {
        assertThat(form(
                        "OPTIONS",
                        "Origin",
                        "https://a.test",
                        "Access-Control-Request-Method",
                        "PUT",
                        "Accept",
                        BROWSER))
                .isEqualTo(PREFLIGHT);
        assertThat(form("OPTIONS", "Origin", "https://a.test", "Accept", BROWSER))
                .isEqualTo(HTML);
        assertThat(form("OPTIONS", "Access-Control-Request-Method", "PUT", "Accept", BROWSER))
                .isEqualTo(HTML);
        assertThat(form("GET", "Origin", "https://a.test", "Access-Control-Request-Method", "PUT", "Accept", BROWSER))
                .isEqualTo(HTML);
    }

    @Test
    void looksAtABoundedNumberOfRanges() {
        String many = String.join(",", Collections.nCopies(64, "a/b"));
        assertThat(form("GET", "Accept", many + ",text/html")).isEqualTo(PROBLEM_JSON);
        assertThat(form("GET", "Accept", "text/html," + many)).isEqualTo(HTML);
        assertThat(form("GET", "Accept", ",".repeat(30_000))).isEqualTo(PROBLEM_JSON);
        assertThat(form("GET", "Sec-Fetch-Dest", "image")).isEqualTo(SUBRESOURCE);
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc, GRPC",
        "application/grpc+proto, GRPC",
        "Application/gRPC+json, GRPC",
        "application/grpc-web, GRPC_WEB",
        "application/grpc-web-text+proto, GRPC_WEB",
        "application/x-www-form-urlencoded, HTML",
    })
    void aCallOfGrpcIsKnownByItsType(String type, ClientForm expected) {
        assertThat(form("POST", "Content-Type", type, "Accept", "text/html")).isEqualTo(expected);
    }

    @Test
    void aHandshakeOfAWebSocketIsKnownByItsUpgrade() {
        assertThat(form("GET", "Upgrade", "websocket", "Connection", "Upgrade", "Accept", "text/html"))
                .isEqualTo(ClientForm.WEBSOCKET);
        assertThat(form("GET", "Upgrade", "h2c", "Accept", "text/html")).isEqualTo(ClientForm.HTML);
    }
}
