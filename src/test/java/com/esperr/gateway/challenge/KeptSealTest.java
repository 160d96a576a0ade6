package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.Requests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeptSealTest {
    private final SecureRandom random = new SecureRandom();
    private final byte[] text = "to=alice&amount=1".getBytes(StandardCharsets.UTF_8);

    @Test
    void whatIsSealedIsOpenedByItsCookieOnly() {
        KeptSeal seal = KeptSeal.make(random, "/a");
        byte[] sealed = seal.seal(text);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("alice");
        assertThat(KeptSeal.read(seal.text()).open(sealed)).isEqualTo(text);
        assertThat(KeptSeal.make(random, "/a").open(sealed)).isNull();
        assertThat(seal.isFor("/a")).isTrue();
        assertThat(seal.isFor("/b")).isFalse();
        assertThat(seal.text()).doesNotContain(seal.id());
    }

    @Test
    void noBitOfWhatIsSealedCanBeChangedAndNothingCutOff() {
        KeptSeal seal = KeptSeal.make(random, "/a");
        byte[] sealed = seal.seal(text);
        for (int i = 0; i < sealed.length * 8; i++) {
            byte[] changed = sealed.clone();
            changed[i / 8] ^= (byte) (1 << i % 8);
            assertThat(seal.open(changed)).isNull();
        }
        for (int i = 0; i < sealed.length; i++) {
            assertThat(seal.open(Arrays.copyOf(sealed, i))).isNull();
        }
    }

    @Test
    void aCookieOfSomethingElseIsNone() {
        String cookie = KeptSeal.make(random, "/a").text();
        for (String other : new String[] {"", "=", "a", cookie + "A", cookie.substring(1), "%", cookie.substring(4)}) {
            assertThat(KeptSeal.read(other)).as(other).isNull();
        }
    }

    @Test
    void whatIsReadBackIsWhatWasWritten() {
        KeptRequest kept = KeptRequest.of(
                Requests.hostless("POST", "/a?b=1")
                        .with("Host", "shop.test")
                        .with("Content-Type", "text/plain")
                        .with("Cookie", "sid=1")
                        .with("Authorization", "Basic x")
                        .body(text.length)
                        .context(),
                text);
        byte[] written = kept.write();
        assertThat(new String(written, StandardCharsets.ISO_8859_1)).doesNotContain("sid", "Basic");
        KeptRequest read = KeptRequest.read(written);
        assertThat(read.body()).isEqualTo(text);
        assertThat(read.isFor(Requests.get("/a?b=1").context())).isTrue();
        assertThat(read.isFor(Requests.get("/a?b=2").context())).isFalse();
        assertThat(read.isFor(Requests.get("/a?b=1").scheme("http").context())).isFalse();
    }
}
