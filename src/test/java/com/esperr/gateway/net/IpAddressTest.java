package com.esperr.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "127.0.0.1, 127.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "192.0.2.10, 192.0.2.10",
        "1.20.100.0, 1.20.100.0",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:db8::1, 2001:db8::1",
        "2001:DB8::A, 2001:db8::a",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1:2:3::7:8, 1:2:3::7:8",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fe80::1, fe80::1",
        "0:0:1::, 0:0:1::",
        "1:0:0:2::, 1:0:0:2::",
        "::1.2.3.4, ::102:304",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:c000:201, 192.0.2.1",
        "0:0:0:0:0:ffff:192.0.2.1, 192.0.2.1",
        "0000:0000:0000:0000:0000:ffff:192.168.100.200, 192.168.100.200",
        "::fffe:1.2.3.4, ::fffe:102:304",
        "0:0:0:0:ffff:0:102:304, ::ffff:0:102:304",
    })
    void readsEveryFormAndWritesTheCanonicalOne(String text, String canonical) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address).hasToString(canonical).isEqualTo(IpAddress.parse(canonical));
        assertThat(address).hasSameHashCodeAs(IpAddress.parse(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "01.2.3.4",
                "1.2.3.04",
                "00.0.0.0",
                "256.1.1.1",
                "1.1.1.256",
                "1.1.1.1000",
                "0x7f.0.0.1",
                "0x7f000001",
                "2130706433",
                "127.1",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.-4",
                "+1.2.3.4",
                "1.2.3.4:80",
                "1.2.3.4/8",
                "1,2,3,4",
                "١.2.3.4",
                "１.2.3.4",
                ":",
                ":::",
                ":1",
                "1:",
                "1::2::3",
                "::1::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "::12345",
                "g::",
                "::g",
                "::1%eth0",
                "fe80::1%1",
                "[::1]",
                "[::1]:80",
                "::1 ",
                " ::1",
                "::ffff:1.2.3",
                "::ffff:1.2.3.256",
                "::ffff:01.2.3.4",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "::1.2.3.4.5",
                "2001:db8:::1",
                "::-1",
                "0x1::",
                "localhost",
                "unknown",
                "2001:db8::1/64",
                "1:2:3:4:5:6:7:",
                ":2:3:4:5:6:7:8",
                "::ffff:0x7f.1.1.1",
                "0000:0000:0000:0000:0000:0000:0000:00000",
                "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555"
            })
    void refusesEverythingElse(String text) {
        assertThat(IpAddress.parseOrNull(text)).isNull();
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + " (expected: an IP address");
    }

    @Test
    void readsAPartOfAText() {
        assertThat(IpAddress.parseOrNull("for=1.2.3.4;", 4, 11)).isEqualTo(IpAddress.parse("1.2.3.4"));
        assertThat(IpAddress.parseOrNull("[::1]", 1, 4)).isEqualTo(IpAddress.parse("::1"));
        assertThat(IpAddress.parseOrNull("1.2.3.4,::1", 0, 7)).isEqualTo(IpAddress.parse("1.2.3.4"));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.77, 32, 192.0.2.77",
        "192.0.2.77, 24, 192.0.2.0",
        "192.0.2.77, 31, 192.0.2.76",
        "192.0.2.77, 1, 128.0.0.0",
        "192.0.2.77, 0, 0.0.0.0",
        "2001:db8:1:2:3:4:5:6, 128, 2001:db8:1:2:3:4:5:6",
        "2001:db8:1:2:3:4:5:6, 127, 2001:db8:1:2:3:4:5:6",
        "2001:db8:1:2:3:4:5:7, 127, 2001:db8:1:2:3:4:5:6",
        "2001:db8:1:2:3:4:5:6, 65, 2001:db8:1:2::",
        "2001:db8:1:2:3:4:5:6, 64, 2001:db8:1:2::",
        "2001:db8:1:2:3:4:5:6, 56, 2001:db8:1::",
        "2001:db8:1:2:3:4:5:6, 48, 2001:db8:1::",
        "2001:db8:1:2:3:4:5:6, 1, ::",
        "ffff::1, 1, 8000::",
        "2001:db8:1:2:3:4:5:6, 0, ::",
    })
    void cutsToAPrefix(String text, int bits, String network) {
        assertThat(IpAddress.parse(text).prefix(bits)).hasToString(network);
    }

    @Test
    void refusesAPrefixWiderThanTheFamily() {
        assertThatThrownBy(() -> IpAddress.parse("1.2.3.4").prefix(33)).hasMessage("prefix: 33 (expected: 0..32)");
        assertThatThrownBy(() -> IpAddress.parse("::1").prefix(-1)).hasMessage("prefix: -1 (expected: 0..128)");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true, false",
        "127.255.255.255, true, false",
        "128.0.0.1, false, false",
        "126.255.255.255, false, false",
        "::1, true, false",
        "::2, false, false",
        "::ffff:127.0.0.1, true, false",
        "10.0.0.0, false, true",
        "10.255.255.255, false, true",
        "11.0.0.0, false, false",
        "172.15.255.255, false, false",
        "172.16.0.0, false, true",
        "172.31.255.255, false, true",
        "172.32.0.0, false, false",
        "192.168.0.1, false, true",
        "192.169.0.1, false, false",
        "169.254.1.1, false, false",
        "fc00::, false, true",
        "fdff:ffff::1, false, true",
        "fe00::, false, false",
        "fbff::, false, false",
        "2001:db8::1, false, false",
    })
    void knowsLoopbackAndPrivate(String text, boolean loopback, boolean privateNetwork) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address.isLoopback()).isEqualTo(loopback);
        assertThat(CidrSet.parse(List.of("loopback")).contains(address)).isEqualTo(loopback);
        assertThat(CidrSet.parse(List.of("private")).contains(address)).isEqualTo(privateNetwork);
    }

    @Test
    void ordersIpv4BeforeIpv6AndUnsigned() {
        assertThat(Stream.of("ffff::", "8000::", "::1", "255.0.0.0", "9.0.0.0", "2001:db8::ffff")
                        .map(IpAddress::parse)
                        .sorted())
                .extracting(IpAddress::toString)
                .containsExactly("9.0.0.0", "255.0.0.0", "::1", "2001:db8::ffff", "8000::", "ffff::");
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        Random random = new Random(7239);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(bytes);
            for (int b = 0; b < bytes.length; b++) {
                if (random.nextInt(3) == 0) {
                    bytes[b] = 0; // so that runs of zeros occur
                }
            }
            InetAddress jdk = InetAddress.getByAddress(bytes);
            IpAddress ours = IpAddress.of(jdk);
            assertThat(ours.bytes()).isEqualTo(jdk.getAddress());
            assertThat(ours.inetAddress()).isEqualTo(jdk);
            assertThat(IpAddress.parse(ours.toString())).isEqualTo(ours);
            assertThat(IpAddress.parse(jdk.getHostAddress())).isEqualTo(ours);
            assertThat(InetAddress.getByName(ours.toString())).isEqualTo(jdk);
        }
    }

    @Test
    void neverFailsOnRandomText() {
        Random random = new Random(4291);
        String alphabet = "0123456789abcdef:.:.[]%/ g";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            IpAddress address = IpAddress.parseOrNull(text.toString());
            if (address != null) {
                assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            }
        }
    }

    @Test
    void takesFourOrSixteenBytesOnly() {
        assertThat(IpAddress.ofBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 1, 2, 3, 4}))
                .hasToString("1.2.3.4");
        assertThatThrownBy(() -> IpAddress.ofBytes(new byte[5])).hasMessage("address bytes: 5 (expected: 4 or 16)");
    }
}
