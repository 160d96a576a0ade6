package com.esperr.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.1, 192.0.2.1/32",
        "192.0.2.1/32, 192.0.2.1/32",
        "2001:DB8::/32, 2001:db8::/32",
        "::/0, ::/0",
        "::1, ::1/128",
        "::ffff:192.0.2.1, 192.0.2.1/32",
    })
    void readsNetworksAndSingleAddresses(String text, String canonical) {
        assertThat(Cidr.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1/8 | 10.0.0.1/8 (expected: no address bits beyond the prefix, such as 10.0.0.0/8)",
                "2001:db8::1/64 | 2001:db8::1/64 (expected: no address bits beyond the prefix, such as 2001:db8::/64)",
                "10.0.0.0/33 | 10.0.0.0/33 (expected: a prefix of 0..32 bits)",
                "::/129 | ::/129 (expected: a prefix of 0..128 bits)",
                "10.0.0.0/ | 10.0.0.0/ (expected: a network such as",
                "10.0.0.0/08 | 10.0.0.0/08 (expected: a network such as",
                "10.0.0.0/-1 | 10.0.0.0/-1 (expected: a network such as",
                "10.0.0.0/+8 | 10.0.0.0/+8 (expected: a network such as",
                "10.0.0.0/8/8 | 10.0.0.0/8/8 (expected: a network such as",
                "10.0.0.0/255.0.0.0 | 10.0.0.0/255.0.0.0 (expected: a network such as",
                "10.0.0/8 | 10.0.0/8 (expected: a network such as",
                "/8 | /8 (expected: a network such as",
                "localhost | localhost (expected: a network such as",
                "PRIVATE | PRIVATE (expected: a network such as",
                "[::1]/128 | [::1]/128 (expected: a network such as",
                "::ffff:10.0.0.0/104 | ::ffff:10.0.0.0/104 (expected: a network such as",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Cidr.parseNamed(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({
        "9.255.255.255, false",
        "10.0.0.0, true",
        "10.255.255.255, true",
        "11.0.0.0, false",
        "192.0.2.7, true",
        "192.0.2.6, false",
        "192.0.2.8, false",
        "198.51.100.200, true",
        "2001:db8::, true",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "2001:db9::, false",
        "2001:db7:ffff::, false",
        "::ffff:10.1.2.3, true",
        "::10.1.2.3, false",
        "::1, true",
        "255.255.255.255, true",
        "ffff::, false",
    })
    void aSetContainsWhatItsNetworksContain(String text, boolean expected) {
        CidrSet set = CidrSet.parse(List.of(
                "10.0.0.0/8",
                "10.1.0.0/16",
                "192.0.2.7",
                "198.51.100.0/24",
                "198.51.100.128/25",
                "2001:db8::/32",
                "255.255.255.255",
                "loopback"));
        assertThat(set.contains(IpAddress.parse(text))).isEqualTo(expected);
    }

    @Test
    void nestedNetworksAreOneRange() {
        assertThat(CidrSet.parse(List.of("10.0.0.0/8", "10.0.0.0/9", "10.4.0.0/16", "10.0.0.0/8"))
                        .size())
                .isOne();
        assertThat(CidrSet.empty().isEmpty()).isTrue();
        assertThat(CidrSet.empty().contains(IpAddress.parse("::1"))).isFalse();
    }

    @Test
    void everythingOfOneFamilyIsNothingOfTheOther() {
        assertThat(CidrSet.parse(List.of("0.0.0.0/0")).contains(IpAddress.parse("::")))
                .isFalse();
        assertThat(CidrSet.parse(List.of("::/0")).contains(IpAddress.parse("1.2.3.4")))
                .isFalse();
        assertThat(CidrSet.parse(List.of("::/0")).contains(IpAddress.parse("ffff::")))
                .isTrue();
        assertThat(CidrSet.parse(List.of("0.0.0.0/0")).contains(IpAddress.parse("255.1.1.1")))
                .isTrue();
    }

    @Test
    void aSetAgreesWithAskingEveryNetwork() {
        Random random = new Random(4632);
        List<Cidr> networks = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            IpAddress address = randomAddress(random);
            int bits = address.width() - random.nextInt(12);
            networks.add(new Cidr(address.prefix(bits), bits));
        }
        CidrSet set = CidrSet.of(networks);
        for (int i = 0; i < 20_000; i++) {
            IpAddress address = randomAddress(random);
            assertThat(set.contains(address))
                    .as(address.toString())
                    .isEqualTo(networks.stream().anyMatch(network -> network.contains(address)));
        }
    }

    /** From two crowded neighbourhoods, so that hits and misses both are frequent. */
    private static IpAddress randomAddress(Random random) {
        return random.nextBoolean()
                ? IpAddress.ofIpv4(0xfe00_0000 | random.nextInt(1 << 16))
                : IpAddress.ofIpv6(0xfe80_0000_0000_0000L, random.nextInt(1 << 16));
    }
}
