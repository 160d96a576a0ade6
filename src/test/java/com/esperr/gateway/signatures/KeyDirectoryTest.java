package com.esperr.gateway.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDirectoryTest {
    private static final String X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    private static KeyDirectory parse(String json) {
        return KeyDirectory.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aKeyIsCalledByItsThumbprint() {
        // RFC 8037 appendix A.3.
        SignatureKey key = parse(
                        "{\"keys\":[{\"kid\":\"anything\",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + X + "\"}]}")
                .key("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key).isNotNull();
        assertThat(key.algorithm()).isEqualTo(SignatureAlgorithm.ED25519);
    }

    @Test
    void aKeyCountsBetweenItsTimes() {
        SignatureKey key = parse(
                        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"nbf\":10,\"exp\":20,\"x\":\"" + X + "\"}]}")
                .keys()
                .get(0);
        assertThat(key.countsAt(9)).isFalse();
        assertThat(key.countsAt(10)).isTrue();
        assertThat(key.countsAt(19)).isTrue();
        assertThat(key.countsAt(20)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[1]}",
                // A private key, and a secret.
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"AA\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"oct\"}]}",
                // For encryption, of another curve, too short, no point of the curve, a weak one.
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"enc\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"y\":\"!\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}"
            })
    void whatHasNoPublicKeyIsRefused(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moreKeysThanAnybodyHasAreRefused() {
        String key = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + X + "\"}";
        assertThatThrownBy(() -> parse("{\"keys\":[" + (key + ",").repeat(64) + key + "]}"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
