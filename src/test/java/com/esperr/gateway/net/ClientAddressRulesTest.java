package com.esperr.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trusted in every case here: 10.0.0.0/8 and 2001:db8:aaaa::/48. A slash in a table separates header lines. */
class ClientAddressRulesTest {

    private static final String PEER = "10.0.0.1";

    private static ClientAddressRules rules(String header) {
        return new ClientAddressRules(
                CidrSet.parse(List.of("10.0.0.0/8", "2001:db8:aaaa::/48")), ForwardingHeader.parse(header));
    }

    private static ClientAddress resolve(String header, String peer, String lines) {
        Map<String, List<String>> headers = Map.of(header, Arrays.asList(lines.split("/", -1)));
        return rules(header).resolve(IpAddress.parse(peer), name -> headers.getOrDefault(name, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-forwarded-for", "forwarded", "cf-connecting-ip"})
    void anUntrustedPeerIsTheClientWhateverItSays(String header) {
        ClientAddress client = resolve(header, "203.0.113.9", "192.0.2.1");
        assertThat(client)
                .isEqualTo(new ClientAddress(
                        IpAddress.parse("203.0.113.9"), AddressSource.PEER, /* peerTrusted= */ false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-forwarded-for", "forwarded", "cf-connecting-ip"})
    void aTrustedPeerWithoutTheHeaderIsTheClient(String header) {
        ClientAddress client = rules(header).resolve(IpAddress.parse(PEER), name -> List.of());
        assertThat(client)
                .isEqualTo(new ClientAddress(IpAddress.parse(PEER), AddressSource.PEER, /* peerTrusted= */ true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 | 192.0.2.1",
                "  192.0.2.1\t | 192.0.2.1",
                "192.0.2.1, 10.0.0.2 | 192.0.2.1",
                "192.0.2.1,10.0.0.2,10.0.0.3 | 192.0.2.1",
                "6.6.6.6, 192.0.2.1, 10.0.0.2 | 192.0.2.1",
                "10.9.9.9, 192.0.2.1 | 192.0.2.1",
                "junk, 192.0.2.1 | 192.0.2.1",
                "unknown, 192.0.2.1, 10.0.0.2 | 192.0.2.1",
                // several lines are one list
                "6.6.6.6/192.0.2.1 | 192.0.2.1",
                "192.0.2.1/10.0.0.2/10.0.0.3 | 192.0.2.1",
                "6.6.6.6, 192.0.2.1/10.0.0.2 | 192.0.2.1",
                // all trusted: the leftmost
                "10.0.0.3 | 10.0.0.3",
                "10.0.0.3, 10.0.0.2 | 10.0.0.3",
                "10.0.0.4/10.0.0.3, 10.0.0.2 | 10.0.0.4",
                // ports and brackets
                "192.0.2.1:567 | 192.0.2.1",
                "[2001:db8::7] | 2001:db8::7",
                "[2001:db8::7]:99 | 2001:db8::7",
                "2001:db8::7 | 2001:db8::7",
                "2001:db8::7, [2001:db8:aaaa::1]:5, 10.0.0.2:1 | 2001:db8::7",
                "::ffff:192.0.2.1 | 192.0.2.1",
                "192.0.2.1, ::ffff:10.0.0.2 | 192.0.2.1",
                "[::ffff:192.0.2.1]:1 | 192.0.2.1",
                // empty entries are no hops
                "192.0.2.1,, 10.0.0.2, | 192.0.2.1",
                ", 192.0.2.1 | 192.0.2.1",
                "192.0.2.1/ /10.0.0.2 | 192.0.2.1",
                // the walk ends at what is no address
                "192.0.2.1, junk, 10.0.0.2 | 10.0.0.2",
                "192.0.2.1, unknown, 10.0.0.3, 10.0.0.2 | 10.0.0.3",
                "192.0.2.1, fe80::1%eth0, 10.0.0.2 | 10.0.0.2",
                "192.0.2.1, 10.0.0.02, 10.0.0.2 | 10.0.0.2",
                "192.0.2.1, 192.0.2.2 192.0.2.3, 10.0.0.2 | 10.0.0.2",
                "192.0.2.1, [10.0.0.9], 10.0.0.2 | 10.0.0.2",
                "192.0.2.1/junk/10.0.0.2 | 10.0.0.2",
            })
    void readsXForwardedForFromTheRight(String lines, String client) {
        assertThat(resolve("x-forwarded-for", PEER, lines))
                .isEqualTo(new ClientAddress(
                        IpAddress.parse(client), AddressSource.X_FORWARDED_FOR, /* peerTrusted= */ true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                ",,,",
                "junk",
                "unknown",
                "_hidden",
                "localhost",
                "192.0.2.1, junk",
                "192.0.2.1:",
                "192.0.2.1:x",
                "192.0.2.1:123456",
                "[2001:db8::7",
                "2001:db8::7]",
                "[2001:db8::7]99",
                "[2001:db8::7]:",
                "[192.0.2.1]",
                "fe80::1%1",
                "[fe80::1%25eth0]",
                "\"192.0.2.1\"",
                "for=192.0.2.1",
                "192.0.2.1;192.0.2.2",
                "0x7f.0.0.1",
                "127.1",
                "192.0.2.1%"
            })
    void junkNextToUsLeavesThePeer(String lines) {
        assertThat(resolve("x-forwarded-for", PEER, lines))
                .isEqualTo(new ClientAddress(IpAddress.parse(PEER), AddressSource.PEER, /* peerTrusted= */ true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "for=192.0.2.1 | 192.0.2.1",
                "For=192.0.2.1 | 192.0.2.1",
                "FOR=\"192.0.2.1\" | 192.0.2.1",
                "for=192.0.2.1;proto=http;by=203.0.113.43 | 192.0.2.1",
                "for=192.0.2.1; proto=http; by=203.0.113.43 | 192.0.2.1",
                "proto=http ;host=\"a:80\";for=192.0.2.1; | 192.0.2.1",
                "for=\"192.0.2.1:4711\" | 192.0.2.1",
                "for=\"192.0.2.1:_port\" | 192.0.2.1",
                "for=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
                "for=\"[2001:db8:cafe::17]\" | 2001:db8:cafe::17",
                "for=\"[2001:db8:cafe::17]:_x\" | 2001:db8:cafe::17",
                "for=\"19\\2.0.2.1\" | 192.0.2.1",
                "for=6.6.6.6, for=192.0.2.1, for=10.0.0.2 | 192.0.2.1",
                "for=192.0.2.1,for=\"[2001:db8:aaaa::1]\" | 192.0.2.1",
                "for=192.0.2.1;host=\"a,b\", for=10.0.0.2;host=\"c,d,e\" | 192.0.2.1",
                "for=unknown, for=192.0.2.1 | 192.0.2.1",
                "for=6.6.6.6/for=192.0.2.1/for=10.0.0.2 | 192.0.2.1",
                "for=10.0.0.3, for=10.0.0.2 | 10.0.0.3",
                ",for=192.0.2.1,,for=10.0.0.2, | 192.0.2.1",
                // a visitor's unclosed quote does not swallow what our proxy wrote behind it
                "for=\", for=192.0.2.1 | 192.0.2.1",
                "for=6.6.6.6;host=\", for=192.0.2.1;host=\"h\" | 192.0.2.1",
                "for=\"\\, for=\"[2001:db8::9]\" | 2001:db8::9",
                // nor does a quoted host that looks like an element
                "for=192.0.2.1;host=\"x, for=6.6.6.6\" | 192.0.2.1",
                "for=192.0.2.1;host=\"x, for=6.6.6.6;a=\\\"\" | 192.0.2.1",
                // the walk ends where a hop hides itself
                "for=192.0.2.1, for=unknown, for=10.0.0.2 | 10.0.0.2",
                "for=192.0.2.1, for=_SEVKISEK, for=10.0.0.2 | 10.0.0.2",
                "for=192.0.2.1, proto=https, for=10.0.0.2 | 10.0.0.2",
            })
    void readsForwardedFromTheRight(String lines, String client) {
        assertThat(resolve("forwarded", PEER, lines))
                .isEqualTo(
                        new ClientAddress(IpAddress.parse(client), AddressSource.FORWARDED, /* peerTrusted= */ true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "for",
                "for=",
                "=192.0.2.1",
                "for =192.0.2.1",
                "for= 192.0.2.1",
                "192.0.2.1",
                "for=192.0.2.1:80",
                "for=[2001:db8::1]",
                "for=2001:db8::1",
                "for=\"2001:db8::1\"",
                "for=\"192.0.2.1",
                "for=192.0.2.1\"",
                "for=\"192.0.2.1\\",
                "for=\"192.0.2.1\"x",
                "for=192.0.2.1 for=192.0.2.2",
                "for=192.0.2.1;for=192.0.2.2",
                "for=192.0.2.1;FOR=192.0.2.1",
                "for=\"\"",
                "for=\"[192.0.2.1]\"",
                "for=\"[fe80::1%eth0]\"",
                "for=\"192.0.2.1:\"",
                "for=\"192.0.2.1:_\"",
                "for=\"192.0.2.1:_a b\"",
                "for=\"[2001:db8::1]x\"",
                "for=unknown",
                "for=_hidden",
                "host=a",
                "for=192.0.2.1;=x",
                "for=192.0.2.1;x",
                "for=192.0.2.1;x=",
                "for=(192.0.2.1)"
            })
    void forwardedThatIsNoneLeavesThePeer(String lines) {
        assertThat(resolve("forwarded", PEER, lines))
                .isEqualTo(new ClientAddress(IpAddress.parse(PEER), AddressSource.PEER, /* peerTrusted= */ true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 | 192.0.2.1 | HEADER",
                " [2001:db8::7]:99 | 2001:db8::7 | HEADER",
                "10.0.0.9 | 10.0.0.9 | HEADER",
                "192.0.2.1, 192.0.2.2 | 10.0.0.1 | PEER",
                "192.0.2.1/192.0.2.1 | 10.0.0.1 | PEER",
                "junk | 10.0.0.1 | PEER",
            })
    void aSingleHeaderNamesTheClientOnce(String lines, String client, AddressSource source) {
        ClientAddress resolved = resolve("cf-connecting-ip", PEER, lines);
        assertThat(resolved.address()).hasToString(client);
        assertThat(resolved.source()).isEqualTo(source);
    }

    @Test
    void onlyTheConfiguredHeaderCounts() {
        Map<String, List<String>> headers = Map.of(
                "x-forwarded-for",
                List.of("6.6.6.6"),
                "x-real-ip",
                List.of("6.6.6.7"),
                "forwarded",
                List.of("for=6.6.6.8"));
        ClientAddress client =
                rules("cf-connecting-ip").resolve(IpAddress.parse(PEER), name -> headers.getOrDefault(name, List.of()));
        assertThat(client.address()).hasToString(PEER);
    }

    @Test
    void looksAtABoundedNumberOfHops() {
        String sixtyFour = String.join(",", Collections.nCopies(64, "10.0.0.2"));
        assertThat(resolve("x-forwarded-for", PEER, "192.0.2.1," + sixtyFour).address())
                .hasToString("10.0.0.2");
        String sixtyThree = String.join(",", Collections.nCopies(63, "10.0.0.2"));
        assertThat(resolve("x-forwarded-for", PEER, "192.0.2.1," + sixtyThree).address())
                .hasToString("192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-forwarded-for", "forwarded", "cf-connecting-ip"})
    void neverFailsOnRandomLines(String header) {
        Random random = new Random(7239);
        String alphabet = "for=10.2[]:;,\"\\ _a\t%";
        for (int i = 0; i < 30_000; i++) {
            StringBuilder lines = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                lines.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(resolve(header, PEER, lines.toString()).address()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x forwarded", "header:", "ünicode", "a,b"})
    void refusesAHeaderNameThatIsNone(String name) {
        assertThatThrownBy(() -> ForwardingHeader.parse(name))
                .hasMessageStartingWith(name + " (expected: a header name such as");
    }
}
