package com.esperr.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, 127.0.0.1, 8080",
        "[::1]:80, ::1, 80",
        "[2001:DB8::0:1]:65535, 2001:db8::1, 65535",
        "[::ffff:192.0.2.1]:80, 192.0.2.1, 80",
        "App.Internal:1, app.internal, 1",
        "my_app-1:3000, my_app-1, 3000",
        "1password.example:80, 1password.example, 80",
        "a:00080, a, 80",
    })
    void readsHostAndPort(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port));
        assertThat(HostPort.parse(text, 99)).isEqualTo(new HostPort(host, port));
    }

    @ParameterizedTest
    @CsvSource({"localhost, localhost", "[::1], ::1", "192.0.2.1, 192.0.2.1"})
    void takesTheDefaultPortWhereNoneIsNamed(String text, String host) {
        assertThat(HostPort.parse(text, 443)).isEqualTo(new HostPort(host, 443));
        assertThatThrownBy(() -> HostPort.parse(text))
                .hasMessage(text + " (expected: host:port, such as 127.0.0.1:8080 or [::1]:8080)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "host:",
                "host:0",
                "host:65536",
                "host:-1",
                "host:+1",
                "host:8x",
                "host:000080",
                "::1",
                "::1:80",
                "[::1",
                "[::1]80",
                "[::1]x:80",
                "[]:80",
                "[1.2.3.4]:80",
                "[host]:80",
                "[fe80::1%eth0]:80",
                "a..b:80",
                ".a:80",
                "a.:80",
                "127.1:80",
                "1.2.3:80",
                "1.2.3.256:80",
                "0x7f000001:80",
                "2130706433:80",
                "ho st:80",
                "höst:80",
                "user@host:80",
                "host/path:80",
                "*:80",
                "host:80/",
                "host:80:80",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:80"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> HostPort.parse(text, 80))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + " (expected: host:port");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, 127.0.0.1:8080",
        "127.0.0.1:0, 127.0.0.1:0",
        "[::]:80, [::]:80",
        ":8080, *:8080",
        "*:8080, *:8080",
        "8080, *:8080",
        "localhost:1, localhost:1",
    })
    void readsWhereToListen(String text, String canonical) {
        assertThat(HostPort.parseListen(text)).hasToString(canonical);
        assertThat(HostPort.parseListen(text).anyHost()).isEqualTo(canonical.startsWith("*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "localhost", "::1", "[::1]", "host:99999", ":x", "65536", "**:80", "[*]:80"})
    void refusesOtherPlacesToListen(String text) {
        assertThatThrownBy(() -> HostPort.parseListen(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + " (expected: host:port to listen on");
    }

    @Test
    void aNameIsNoAddress() {
        assertThat(HostPort.parse("localhost:1").address()).isNull();
        assertThat(HostPort.parse("[::1]:1").address()).isEqualTo(IpAddress.parse("::1"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:3000, http://127.0.0.1:3000, 127.0.0.1:3000",
        "http://127.0.0.1:3000/, http://127.0.0.1:3000, 127.0.0.1:3000",
        "HTTP://App:80, http://app, app",
        "http://app, http://app, app",
        "https://app, https://app, app",
        "https://app:80, https://app:80, app:80",
        "https://[::1]/, https://[::1], [::1]",
        "http://[::1]:8080, http://[::1]:8080, [::1]:8080",
    })
    void readsAnOrigin(String text, String canonical, String hostHeader) {
        assertThat(OriginUrl.parse(text)).hasToString(canonical);
        assertThat(OriginUrl.parse(text).hostHeader()).isEqualTo(hostHeader);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.0.0.1:3000",
                "localhost",
                "http:",
                "http://",
                "http:///",
                "http://host/app",
                "http://host//",
                "http://host?x",
                "http://host#x",
                "http://host:0",
                "http://host:",
                "ftp://host",
                "unix:/run/app.sock",
                "unix:///run/app.sock",
                "://host",
                "http://::1",
                "http:// host",
                "http://host /"
            })
    void refusesOtherOrigins(String text) {
        assertThatThrownBy(() -> OriginUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + " (expected: http://host[:port] or https://host[:port]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://user:geheim@host", "user:geheim@host", "ftp://geheim@host", "http://user@x:geheim@host/"
            })
    void neverRepeatsUserInformation(String text) {
        assertThatThrownBy(() -> OriginUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("***@host")
                .hasMessageNotContaining("geheim")
                .hasNoCause();
    }
}
