package com.esperr.gateway.compression;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    private final Compression compression = new Compression(Configurations.read(
                    ConfigSource.load(
                            null,
                            Map.of(),
                            Map.of(
                                    "compression.enabled", "true",
                                    "compression.codings", "gzip",
                                    "compression.at-once", "2")),
                    CompressionTest::section)
            .value());

    private static CompressionConfig section(Section root) {
        return CompressionConfig.read(root.section("compression"));
    }

    @AfterEach
    void everythingThatWasOpenedIsClosed() {
        assertThat(compression.open()).isZero();
    }

    private static Fields fields(String... lines) {
        Fields.Builder fields = Fields.builder(8);
        for (String line : lines) {
            int colon = line.indexOf(':');
            fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return fields.build();
    }

    private static RequestHead asked(String method, String... lines) {
        return new RequestHead(method, "/", HttpVersion.HTTP_1_1, fields(lines), BodyLength.NONE, true, false);
    }

    private static ResponseHead head(int status, long length, String... lines) {
        return new ResponseHead(status, "", HttpVersion.HTTP_1_1, fields(lines), length, true);
    }

    private ResponseHead shaped(ResponseHead head, RequestHead asked) {
        Compression.Shape shape = compression.shape(head, asked);
        if (shape.encoder() != null) {
            compression.done(shape.encoder(), 0, 0);
        }
        return shape.head();
    }

    private static final RequestHead GZIP = asked("GET", "Accept-Encoding: gzip");

    @Test
    void theHeadTellsOfTheCodingAndNothingOfTheOldForm() {
        ResponseHead shaped = shaped(
                head(
                        200,
                        5000,
                        "content-type: Text/HTML; charset=utf-8",
                        "content-length: 5000",
                        "etag: \"a\"",
                        "accept-ranges: bytes",
                        "x: y"),
                GZIP);
        assertThat(shaped.bodyLength()).isEqualTo(BodyLength.CHUNKED);
        assertThat(shaped.fields().get("content-encoding")).isEqualTo("gzip");
        assertThat(shaped.fields().get("etag")).isEqualTo("W/\"a\"");
        assertThat(shaped.fields().all("vary")).containsExactly("Accept-Encoding");
        assertThat(shaped.fields().contains("content-length")).isFalse();
        assertThat(shaped.fields().contains("accept-ranges")).isFalse();
        assertThat(shaped.fields().get("x")).isEqualTo("y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-encoding: br",
                "content-encoding: identity",
                "content-range: bytes 0-9/100",
                "cache-control: public, No-Transform",
                "content-digest: sha-256=:x:",
                "repr-digest: sha-256=:x:",
                "content-md5: x",
                "trailer: Repr-Digest",
            })
    void whatIsNotToBeTouchedIsNot(String line) {
        ResponseHead head = head(200, BodyLength.CHUNKED, "content-type: text/html", "etag: \"a\"", line);
        assertThat(shaped(head, GZIP)).isSameAs(head);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 206, 226})
    void statusesWithoutAWholeBodyAreNotTouched(int status) {
        ResponseHead head = head(status, BodyLength.CHUNKED, "content-type: text/html");
        assertThat(shaped(head, GZIP)).isSameAs(head);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/event-stream", "text", "*/*", "application/octet-stream; a=text/html"})
    void otherTypesAreNotTouched(String type) {
        ResponseHead head = head(200, BodyLength.CHUNKED, "content-type: " + type);
        assertThat(shaped(head, GZIP)).isSameAs(head);
    }

    @Test
    void shortBodiesAreNotTouched() {
        ResponseHead head = head(200, 1023, "content-type: text/html");
        assertThat(shaped(head, GZIP)).isSameAs(head);
    }

    @Test
    void aClientThatForbidsItIsObeyed() {
        ResponseHead head = head(200, 5000, "content-type: text/html");
        assertThat(shaped(head, asked("GET", "Accept-Encoding: gzip", "Cache-Control: no-transform")))
                .isSameAs(head);
    }

    @Test
    void cachesAreToldOfTheOtherFormThatThisClientDoesNotGet() {
        ResponseHead head = head(200, 5000, "content-type: text/html", "content-length: 5000", "etag: \"a\"");
        for (RequestHead asked : new RequestHead[] {
            asked("GET"), asked("GET", "Accept-Encoding: identity"), asked("GET", "Accept-Encoding: gzip;q=0")
        }) {
            ResponseHead shaped = shaped(head, asked);
            assertThat(shaped.fields().all("vary")).containsExactly("Accept-Encoding");
            assertThat(shaped.fields().get("content-length")).isEqualTo("5000");
            assertThat(shaped.fields().get("etag")).isEqualTo("\"a\"");
        }
    }

    @Test
    void headRequestsAreToldWhatAGetIs() {
        for (String length : new String[] {"content-length: 5000", "x: y"}) {
            ResponseHead head = head(200, BodyLength.NONE, "content-type: text/html", length, "etag: \"a\"");
            Compression.Shape shape = compression.shape(head, asked("HEAD", "Accept-Encoding: gzip"));
            assertThat(shape.encoder()).isNull();
            assertThat(shape.head().bodyLength()).isEqualTo(BodyLength.NONE);
            Fields shaped = shape.head().fields();
            assertThat(shaped.contains("content-length")).isFalse();
            assertThat(shaped.get("content-encoding")).isEqualTo("gzip");
            assertThat(shaped.get("etag")).isEqualTo("W/\"a\"");
            assertThat(shaped.all("vary")).containsExactly("Accept-Encoding");
        }
    }

    @Test
    void headRequestsForWhatIsNotCompressedKeepItsLength() {
        ResponseHead small = head(200, BodyLength.NONE, "content-type: text/html", "content-length: 1023");
        assertThat(shaped(small, asked("HEAD", "Accept-Encoding: gzip"))).isSameAs(small);
        ResponseHead large = head(200, BodyLength.NONE, "content-type: text/html", "content-length: 1024");
        assertThat(shaped(large, asked("HEAD")).fields().get("content-length")).isEqualTo("1024");
    }

    @Test
    void varyIsSaidOnce() {
        ResponseHead head = head(200, 5000, "content-type: text/html", "vary: Origin, accept-encoding");
        assertThat(shaped(head, asked("GET"))).isSameAs(head);
        ResponseHead all = head(200, 5000, "content-type: text/html", "vary: *");
        assertThat(shaped(all, asked("GET"))).isSameAs(all);
    }

    @Test
    void a304NamesTheTagThatItsClientHas() {
        ResponseHead head = head(304, BodyLength.NONE, "etag: \"a\"");
        assertThat(shaped(head, asked("GET", "If-None-Match: W/\"b\", W/\"a\""))
                        .fields()
                        .get("etag"))
                .isEqualTo("W/\"a\"");
        assertThat(shaped(head, asked("GET", "If-None-Match: \"a\""))).isSameAs(head);
    }

    @Test
    void tooManyAtOncePassAsTheyAre() {
        ResponseHead head = head(200, 5000, "content-type: text/html");
        Compression.Shape one = compression.shape(head, GZIP);
        Compression.Shape two = compression.shape(head, GZIP);
        Compression.Shape three = compression.shape(head, GZIP);
        assertThat(one.encoder()).isNotNull();
        assertThat(two.encoder()).isNotNull();
        assertThat(three.encoder()).isNull();
        assertThat(compression.crowded()).isEqualTo(1);
        compression.done(one.encoder(), 0, 0);
        compression.done(two.encoder(), 0, 0);
    }
}
