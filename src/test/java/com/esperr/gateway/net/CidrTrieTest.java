package com.esperr.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTrieTest {
    private static List<String> around(CidrTrie<String> trie, String address) {
        List<String> found = new ArrayList<>();
        trie.around(IpAddress.parse(address), found::add);
        return found;
    }

    private static CidrTrie<String> trie(String... networks) {
        Map<Cidr, String> values = new LinkedHashMap<>();
        for (String network : networks) {
            values.put(Cidr.parse(network), network);
        }
        return CidrTrie.of(values);
    }

    @Test
    void tellsFromTheWidestToTheNarrowest() {
        CidrTrie<String> trie =
                trie("10.1.0.0/16", "10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "10.128.0.0/9", "::/0", "2001:db8::/32");
        assertThat(around(trie, "10.1.2.3")).containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32");
        assertThat(around(trie, "10.200.0.1")).containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.128.0.0/9");
        assertThat(around(trie, "192.0.2.1")).containsExactly("0.0.0.0/0");
        assertThat(around(trie, "2001:db8::1")).containsExactly("::/0", "2001:db8::/32");
        assertThat(around(trie, "2001:db9::1")).containsExactly("::/0");
        assertThat(around(trie(), "192.0.2.1")).isEmpty();
    }

    @Test
    void familiesAreApart() {
        assertThat(around(trie("0.0.0.0/0"), "::1")).isEmpty();
        assertThat(around(trie("::/0"), "0.0.0.1")).isEmpty();
        assertThat(around(trie("::1/128"), "::1")).containsExactly("::1/128");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsWhatLookingAtEachNetworkFinds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            Map<Cidr, Cidr> networks = new LinkedHashMap<>();
            for (int i = 0; i < random.nextInt(200); i++) {
                Cidr network = network(random);
                networks.put(network, network);
            }
            CidrTrie<Cidr> trie = CidrTrie.of(networks);
            for (int i = 0; i < 200; i++) {
                IpAddress address = address(random);
                List<Cidr> found = new ArrayList<>();
                trie.around(address, found::add);
                assertThat(found)
                        .isEqualTo(networks.keySet().stream()
                                .filter(network -> network.contains(address))
                                .sorted(Comparator.comparingInt(Cidr::bits))
                                .toList());
            }
        }
    }

    private static Cidr network(Random random) {
        IpAddress address = address(random);
        int bits = random.nextInt(address.width() + 1);
        return new Cidr(address.prefix(bits), bits);
    }

    /** Few different bits, so that networks meet. */
    private static IpAddress address(Random random) {
        return random.nextBoolean()
                ? IpAddress.ofIpv4(random.nextInt() & 0xe0c0_0103)
                : IpAddress.ofIpv6(
                        random.nextLong() & 0xc000_0000_0000_0003L, random.nextLong() & 0x8000_0000_0000_0001L);
    }
}
