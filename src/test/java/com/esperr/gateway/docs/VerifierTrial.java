package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.docs.OriginVerifier.Seen;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every verifier of {@code docs/attestation} must say of requests that the true gateway sends, and of others made of them. */
interface VerifierTrial {
    String KEY = "0f".repeat(32);
    String OTHER = "a7".repeat(40);
    int MANY = 1000;

    /** The verifier, in an empty directory. */
    OriginVerifier verifier(Path directory) throws Exception;

    /** What an origin sees of requests for these targets at a gateway with that key. */
    private static List<Seen> seen(String key, String... requestLines) {
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway =
                        TestGateway.start(Map.of("origin.url", origin.url(), "forward.attestation.key", key))) {
            for (String line : requestLines) {
                RawClient.exchange(
                        gateway.port(),
                        line + " HTTP/1.1\r\nHost: Shop.test:8080\r\nContent-Length: 0\r\nUser-Agent: curl\r\n\r\n");
            }
            return origin.requests().stream().map(Seen::of).toList();
        }
    }

    @Test
    default void theGenuineIsBelievedAndToldInWords(@TempDir Path directory) throws Exception {
        List<Seen> seen = seen(KEY, "GET /a?b=%2f&c=d", "POST /login", "DELETE /x%20y");
        List<String> answers = verifier(directory).judge(KEY, MANY, seen);
        for (int i = 0; i < seen.size(); i++) {
            String header = seen.get(i).header();
            String reference = header.replaceFirst(".*;r=(\\w+);.*", "$1");
            String entity = header.replaceFirst(".*;e=(\\w+);.*", "$1");
            assertThat(answers.get(i))
                    .isEqualTo("allow|default|0|" + entity + "|" + reference + "||" + Seen.expiry(header));
        }
    }

    @Test
    default void aSecondSightIsRefusedAndARefusalIsNoSight(@TempDir Path directory) throws Exception {
        Seen one = seen(KEY, "GET /a?b=c").get(0);
        Seen post = new Seen(one.now(), "POST", one.host(), one.target(), one.header());
        Seen elsewhere = new Seen(one.now(), one.method(), "other.test", one.target(), one.header());
        Seen other = new Seen(one.now(), one.method(), one.host(), "/a?b=d", one.header());
        Seen late = new Seen(Seen.expiry(one.header()), one.method(), one.host(), one.target(), one.header());
        Seen shouted = new Seen(one.now(), one.method(), one.host().toUpperCase(), one.target(), one.header());
        List<String> answers =
                verifier(directory).judge(KEY, MANY, List.of(post, elsewhere, other, late, shouted, one));
        assertThat(answers.subList(0, 4)).containsOnly(OriginVerifier.REFUSED);
        assertThat(answers.get(4)).startsWith("allow|");
        assertThat(answers.get(5)).isEqualTo(OriginVerifier.REFUSED);
    }

    @Test
    default void aRequestWithoutAHostOrWithAnyCharacterIsRefusedAndEndsNothing(@TempDir Path directory)
            throws Exception {
        List<Seen> seen = seen(KEY, "GET /a?b", "GET /a?b");
        Seen one = seen.get(0);
        List<Seen> strange = new ArrayList<>(
                List.of(new Seen(one.now(), one.method(), OriginVerifier.NO_HOST, one.target(), one.header())));
        // Of these the last eight bits are those of "?", or they become one where they cannot be written.
        for (String other : List.of("\u263f", "\u2603", "\u013f", "\ufffd")) {
            strange.add(new Seen(one.now(), one.method(), one.host(), "/a" + other + "b", one.header()));
        }
        strange.add(one);
        List<String> answers = verifier(directory).judge(KEY, MANY, strange);
        assertThat(answers.subList(0, 5)).containsOnly(OriginVerifier.REFUSED);
        assertThat(answers.get(5)).startsWith("allow|");
    }

    @Test
    default void whatIsForgedIsRefused(@TempDir Path directory) throws Exception {
        List<Seen> seen = seen(KEY, "GET /a", "GET /a");
        String one = seen.get(0).header();
        String two = seen.get(1).header();
        List<String> forged = new ArrayList<>(List.of(
                "",
                "v1",
                one.replace(";l=0", ";l=3"),
                one.replace(";d=allow", ";d=block"),
                one.replaceFirst(";e=\\w+", ""),
                one.replaceFirst(";x=(\\d+)", ";x=9$1"),
                one.replace(";m=", ";d=block;m="),
                one.replaceFirst("m=.*", two.replaceFirst(".*;m=", "m=")),
                one + ", " + two,
                one + "=",
                " " + one,
                one.replace("v1;", "v2;"),
                one.substring(0, one.length() - 1),
                one.replaceFirst(";m=.*", ";m=" + "A".repeat(43)),
                one.replaceFirst(";m=.*", ""),
                one.replace(";r=", ";q=" + "a".repeat(600) + ";r=")));
        // The last character has two bits that mean nothing: another spelling of the same signature would pass for a
        // new one.
        for (char last : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
            forged.add(one.substring(0, one.length() - 1) + last);
        }
        forged.remove(one);
        List<Seen> requests = Stream.concat(
                        forged.stream().map(header -> seen.get(0).header(header)), Stream.of(seen.get(0)))
                .toList();
        List<String> answers = verifier(directory).judge(KEY, MANY, requests);
        assertThat(answers.subList(0, forged.size())).containsOnly(OriginVerifier.REFUSED);
        assertThat(answers.get(forged.size())).startsWith("allow|");
    }

    @Test
    default void aKeyIsChangedWithoutARefusal(@TempDir Path directory) throws Exception {
        List<Seen> before = seen(KEY, "GET /a");
        List<Seen> after = seen(OTHER, "GET /a");
        List<Seen> both = Stream.concat(before.stream(), after.stream()).toList();
        OriginVerifier verifier = verifier(directory);
        assertThat(verifier.judge(OTHER + "," + KEY, MANY, both)).allMatch(answer -> answer.startsWith("allow|"));
        assertThat(verifier.judge(OTHER, MANY, both).get(0)).isEqualTo(OriginVerifier.REFUSED);
        Seen renamed = before.get(0)
                .header(before.get(0)
                        .header()
                        .replaceFirst("k=\\w+", after.get(0).header().replaceFirst(".*(k=\\w+);x=.*", "$1")));
        assertThat(verifier.judge(OTHER + "," + KEY, MANY, List.of(renamed))).containsOnly(OriginVerifier.REFUSED);
    }

    @Test
    default void whatIsRememberedIsBounded(@TempDir Path directory) throws Exception {
        List<Seen> seen = seen(KEY, "GET /1", "GET /2", "GET /3");
        List<Seen> requests = List.of(seen.get(0), seen.get(1), seen.get(2), seen.get(2), seen.get(0));
        assertThat(verifier(directory).judge(KEY, 2, requests))
                .extracting(answer -> answer.equals(OriginVerifier.REFUSED))
                .containsExactly(false, false, false, true, false);
    }
}
