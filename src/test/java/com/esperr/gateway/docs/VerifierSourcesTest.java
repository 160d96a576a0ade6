package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What running the verifiers does not show. */
class VerifierSourcesTest {
    @ParameterizedTest
    @CsvSource({
        "attestation/attestation.mjs, timingSafeEqual(Buffer.from(mac)",
        "attestation/attestation.py, hmac.compare_digest(mac",
        "attestation/attestation.php, hash_equals($mac",
        "attestation/attestation.go, hmac.Equal([]byte(mac)",
        "attestation/Attestation.java, MessageDigest.isEqual(mac",
        "platforms/attested.mjs, different |= mac.charCodeAt(i) ^ parts[3].charCodeAt(i)"
    })
    void signaturesAreComparedInConstantTime(String file, String comparison) throws IOException {
        assertThat(Files.readString(Path.of("docs", file)))
                .containsOnlyOnce(comparison)
                .doesNotContainPattern("mac\\)? *(?:[!=]==?|\\.equals\\()");
    }
}
