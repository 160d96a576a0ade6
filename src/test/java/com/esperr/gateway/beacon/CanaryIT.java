package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Secrets in every place of a request, each with the name of its place, and a look for them in every byte that Esper got, that is
 * on the beacon's disk and that the operator port shows.
 */
class CanaryIT {
    private static final Pattern CANARY = Pattern.compile("canary-([a-z0-9-]+)-yranac");
    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Charset",
            "Accept-Encoding",
            "Accept-Language",
            "Authorization",
            "Baggage",
            "Cache-Control",
            "CF-Connecting-IP",
            "Content-Disposition",
            "Content-Language",
            "Content-Location",
            "Cookie2",
            "Device-Memory",
            "DNT",
            "DPoP",
            "ETag",
            "Forwarded",
            "From",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "If-Range",
            "Idempotency-Key",
            "Last-Event-ID",
            "Origin",
            "Pragma",
            "Priority",
            "Proxy-Authorization",
            "Range",
            "Referer",
            "Sec-CH-UA",
            "Sec-Fetch-Site",
            "Sec-WebSocket-Key",
            "Signature",
            "Traceparent",
            "Tracestate",
            "True-Client-IP",
            "Via",
            "Warning",
            "WWW-Authenticate",
            "X-Amzn-Trace-Id",
            "X-Api-Key",
            "X-Auth-Token",
            "X-Client-IP",
            "X-CSRF-Token",
            "X-Esper-Api-Key",
            "X-Esper-Decision-ID",
            "X-Esper-Hybrid-Key",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-User",
            "X-Real-IP",
            "X-Request-ID",
            "X-Session",
            "X-Vault-Token",
            "X_Underscore");

    private final TestEsper esper = TestEsper.start();
    private final TestOrigin origin = TestOrigin.start();
    private final Map<String, String> config = new HashMap<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void configure() {
        config.put("origin.url", origin.url());
        config.put("esper.api-url", esper.url());
        config.put("esper.api-key", TestEsper.API_KEY);
        config.put("esper.tenant-id", Configured.TENANT);
        config.put("beacon.mode", "on");
        config.put("beacon.spool.directory", directory.resolve("spool").toString());
    }

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
    }

    private static String canary(String place) {
        return "canary-" + place + "-yranac";
    }

    /** Requests that between them have a canary in every place; the path is one of the three facts that are told. */
    private static List<String> requests() {
        String json = "{\"password\":\"" + canary("json") + "\",\"" + canary("json-name") + "\":1,\"deep\":{\"x\":[\""
                + canary("json-deep") + "\"]}}";
        String form = "password=" + canary("form") + "&" + canary("form-name") + "=1";
        String multipart = "--b\r\nContent-Disposition: form-data; name=\"" + canary("part-name") + "\"\r\n\r\n"
                + canary("part") + "\r\n--b--\r\n";
        List<String> requests = new ArrayList<>();
        requests.add(request(json, "application/json; charset=" + canary("type")));
        requests.add(request(form, "application/x-www-form-urlencoded"));
        requests.add(request(multipart, "multipart/form-data; boundary=b"));
        requests.add(chunked(canary("chunk")));
        return requests;
    }

    private static String head(String more) {
        StringBuilder head = new StringBuilder("POST /signin?token=" + canary("query") + "&" + canary("query-name")
                + "=1&" + canary("query-flag") + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: curl/8.7.1\r\n");
        head.append("Cookie: sid=" + canary("cookie") + "; " + canary("cookie-name") + "=1\r\n");
        head.append("X-" + canary("header-name") + ": 1\r\n");
        for (String name : HEADERS) {
            head.append(name + ": " + canary(place(name)) + "\r\n");
        }
        // The second line of a name is a place of its own.
        head.append("X-Session: " + canary("second-line") + "\r\n");
        return head + more + "\r\n";
    }

    private static String place(String header) {
        return "header-" + header.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String request(String body, String type) {
        return head("Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n") + body;
    }

    private static String chunked(String data) {
        String size = Integer.toHexString(data.length());
        return head("Transfer-Encoding: chunked\r\nTrailer: X-Trail\r\n") + size + ";x=" + canary("extension") + "\r\n"
                + data + "\r\n0\r\nX-Trail: " + canary("trailer") + "\r\n\r\n";
    }

    private TreeSet<String> found(TestGateway gateway) {
        StringBuilder seen = new StringBuilder();
        for (EsperCall call : esper.calls()) {
            seen.append(call.request().rawHead())
                    .append(call.request().bodyText())
                    .append('\n');
        }
        seen.append(RawClient.exchange(
                        gateway.adminPort(), "GET /beacon/tail?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                seen.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CANARY.matcher(seen.toString().toLowerCase(Locale.ROOT))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private TreeSet<String> leaked(String fields) {
        List<String> requests = requests();
        try (TestGateway gateway = TestGateway.start(fields, config)) {
            for (String request : requests) {
                assertThat(RawClient.exchange(gateway.port(), request).status()).isEqualTo(200);
            }
            await().until(() -> gateway.metric("esper_beacon_sent_total") == requests.size());
            assertThat(esper.violations()).isEmpty();
            return found(gateway);
        }
    }

    @Test
    void noSecretLeavesUnlessItIsConfigured() {
        assertThat(leaked("beacon {}")).isEmpty();
        // They were there to be taken: the origin has them all.
        String received = origin.requests().stream()
                .map(request -> request.rawHead() + request.bodyText() + request.trailers())
                .collect(Collectors.joining());
        assertThat(received).contains(canary("json-deep"), canary("cookie"), canary("query-flag"), canary("part"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "request_header[referer] > header-referer",
                "request_header[x-api-key] > header-x-api-key",
                "request_header[x-session] > header-x-session",
                "cookie[sid] | as-is > cookie",
                "query_param[token] > query",
                "referrer > header-referer"
            })
    void whatIsConfiguredIsFoundAndNothingBesides(String field, String place) {
        assertThat(leaked("beacon.fields { x = \"" + field + "\" }")).containsExactly(place);
    }

    @Test
    void aHashShowsNothing() {
        assertThat(leaked("beacon.fields { a = \"cookie[sid]\", b = \"request_header[authorization] | hash\", "
                        + "c = \"query_param[token] | hash\", d = \"request_header[cookie] | drop\" }"))
                .isEmpty();
    }
}
