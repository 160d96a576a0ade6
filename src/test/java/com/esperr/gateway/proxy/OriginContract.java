package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the gateway does in front of any good origin. The origin serves {@code /files/data} ({@link #FILE} bytes of {@link Pattern}, with
 * validators and ranges), {@code /files/large} ({@link #LARGE}), {@code /files/page.txt} (compressed and chunked for who accepts gzip),
 * takes bodies at {@code /upload}, refuses those over 1,000 bytes at {@code /small}, and names its connection at {@code /connection}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OriginContract {

    static final int FILE = 300_000;
    static final int LARGE = 32 << 20;
    static final String PAGE = "a line of a page that compresses well\n".repeat(2000);

    private TestGateway gateway;

    /** Starts the origin and returns its URL. */
    abstract String startOrigin();

    abstract void stopOrigin();

    abstract void restartOrigin();

    /** Has the origin drop the connections it keeps. */
    abstract void reloadOrigin();

    abstract void closeOrigin();

    @BeforeAll
    void start() {
        gateway = TestGateway.start(Map.of("origin.url", startOrigin(), "runtime.event-loops", "1"));
    }

    @AfterAll
    void stop() {
        gateway.close();
        closeOrigin();
    }

    private RawResponse ask(String... lines) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            String method = lines[0].substring(0, lines[0].indexOf(' '));
            return client.send(Scene.request(lines)).readResponse(method);
        }
    }

    @Test
    void aFileArrivesWholeAndWithItsValidators() {
        RawResponse response = ask("GET /files/data");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyLength()).isEqualTo(FILE);
        assertThat(response.bodyCrc32()).isEqualTo(Pattern.crc32(FILE));
        assertThat(response.headers().only("content-length")).isEqualTo(Integer.toString(FILE));
        assertThat(response.headers().only("etag")).isNotEmpty();
        assertThat(response.headers().only("via")).isEqualTo("1.1 esper-gateway");
        assertThat(response.headers().only("date")).isNotEmpty();
    }

    @Test
    void headHasTheHeadOfGetAndNoBody() {
        RawResponse response = ask("HEAD /files/data");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().only("content-length")).isEqualTo(Integer.toString(FILE));
        assertThat(response.bodyLength()).isZero();
    }

    @Test
    void aConditionalRequestIsAnswered304AndTheConnectionGoesOn() {
        try (RawClient client = RawClient.connect(gateway.port())) {
            String etag =
                    client.send(Scene.request("GET /files/data")).readResponse().header("etag");
            RawResponse unchanged = client.send(Scene.request("GET /files/data", "If-None-Match: " + etag))
                    .readResponse();
            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(unchanged.header("etag")).isEqualTo(etag);
            assertThat(client.send(Scene.request("GET /hello")).readResponse().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aRangeIsAPart() {
        RawResponse response = ask("GET /files/data", "Range: bytes=100-199");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.headers().only("content-range")).isEqualTo("bytes 100-199/" + FILE);
        assertThat(response.bodyLength()).isEqualTo(100);
    }

    @Test
    void aCompressedPageArrivesAsTheOriginMadeIt() {
        RawResponse response = ask("GET /files/page.txt", "Accept-Encoding: gzip");
        assertThat(response.headers().only("content-encoding")).isEqualTo("gzip");
        assertThat(response.headers().only("transfer-encoding")).isEqualTo("chunked");
        assertThat(Gzip.text(response.body())).isEqualTo(PAGE);
        assertThat(ask("GET /files/page.txt").bodyText()).isEqualTo(PAGE);
    }

    @Test
    void aLargeFileArrivesWhole() {
        RawResponse response = ask("GET /files/large");
        assertThat(response.bodyLength()).isEqualTo(LARGE);
        assertThat(response.bodyCrc32()).isEqualTo(Pattern.crc32(LARGE));
    }

    @Test
    void bodiesWithALengthAndInChunksAreTaken() {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(Scene.request("POST /upload", "Content-Length: " + FILE))
                    .sendPattern(FILE);
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.send(Scene.request("POST /upload", "Transfer-Encoding: chunked"));
            for (int i = 0; i < 10; i++) {
                client.send("7530\r\n").sendPattern(30_000).send("\r\n");
            }
            assertThat(client.send("0\r\n\r\n").readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatTheOriginRefusesEarlyIs413ForTheClientThatStillSends() {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(Scene.request("POST /small", "Content-Length: " + LARGE));
            Thread sender = new Thread(() -> client.trySend(new byte[LARGE]));
            sender.start();
            assertThat(client.readResponse().status()).isEqualTo(413);
        }
        assertThat(ask("GET /hello").status()).isEqualTo(200);
    }

    @Test
    void connectionsToTheOriginAreUsedAgain() {
        Set<String> connections = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            connections.add(ask("GET /connection").bodyText());
        }
        // More than one only because the origin may just be reloading.
        assertThat(connections).hasSizeLessThan(5);
    }

    @Test
    void theQueryAndTheHostArriveAsTheyWereSent() {
        assertThat(ask("GET /hello?a=1&&b=%2f+%zz;=").bodyText()).contains("/hello?a=1&&b=%2f+%zz;=");
    }

    @Test
    void anOriginThatReloadsCostsNobodyAnAnswer() {
        for (int i = 0; i < 5; i++) {
            assertThat(ask("GET /hello").status()).isEqualTo(200);
            reloadOrigin();
            assertThat(ask("GET /hello").status()).isEqualTo(200);
        }
    }

    @Test
    void anOriginThatIsAwayIs502UntilItIsBack() {
        assertThat(ask("GET /hello").status()).isEqualTo(200);
        stopOrigin();
        assertThat(ask("GET /hello").status()).isEqualTo(502);
        restartOrigin();
        assertThat(ask("GET /hello").status()).isEqualTo(200);
    }
}
