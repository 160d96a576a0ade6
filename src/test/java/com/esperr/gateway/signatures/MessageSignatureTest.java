package com.esperr.gateway.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.http.Fields;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageSignatureTest {
    private static SignedMessage message(String target, String... fields) {
        Fields.Builder builder = Fields.builder(8);
        for (int i = 0; i < fields.length; i += 2) {
            builder.add(fields[i], fields[i + 1]);
        }
        return new SignedMessage("GET", "http", "Shop.Test:80", target, 0, builder.build());
    }

    private static String base(SignedMessage message) {
        return new String(MessageSignature.in(message).get(0).base(message), StandardCharsets.ISO_8859_1);
    }

    private static String covering(String component, String target, String... fields) {
        String[] all = new String[fields.length + 4];
        System.arraycopy(fields, 0, all, 0, fields.length);
        all[fields.length] = "Signature-Input";
        all[fields.length + 1] = "s=(" + component + ")";
        all[fields.length + 2] = "Signature";
        all[fields.length + 3] = "s=:AAAA:";
        return base(message(target, all));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"@target-uri\" | http://shop.test/a?b=c",
                "\"@authority\" | shop.test",
                "\"@scheme\" | http",
                "\"@request-target\" | /a?b=c",
                "\"@path\" | /a",
                "\"@query\" | ?b=c",
                "\"@query-param\";name=\"b\" | c"
            })
    void aRequestHasTheComponentsOfItsTarget(String component, String value) {
        assertThat(covering(component, "/a?b=c")).startsWith(component + ": " + value + "\n");
    }

    @Test
    void nobodyHasOneFieldReadOverAndOver() {
        StringBuilder query = new StringBuilder("/?");
        StringBuilder parts = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            query.append("p").append(i).append("=1&");
            parts.append(" \"@query-param\";name=\"p").append(i).append('"');
        }
        assertThatThrownBy(() -> covering(parts.toString(), query.toString())).isInstanceOf(BadSignature.class);
        int last = parts.lastIndexOf(" ");
        assertThat(covering(parts.substring(0, last), query.toString())).contains("\"p7\": 1\n");
    }

    @Test
    void aFieldThatIsTooLongIsNotTakenApart() {
        String rest = ", b=\"" + "x".repeat(8192) + '"';
        String part = "\"cache-control\";key=\"a\"";
        assertThat(covering(part, "/", "Cache-Control", "a=1, b=2")).startsWith(part + ": 1\n");
        assertThatThrownBy(() -> covering(part, "/", "Cache-Control", "a=1" + rest))
                .isInstanceOf(BadSignature.class);
    }

    @Test
    void aTargetWithoutQueryHasAnEmptyOne() {
        assertThat(covering("\"@query\"", "/a")).startsWith("\"@query\": ?\n");
    }

    @Test
    void aQueryParameterIsEncodedInOneWay() {
        assertThat(covering("\"@query-param\";name=\"q%20r\"", "/?q+r=a%2fb+c%C3%A9~"))
                .startsWith("\"@query-param\";name=\"q%20r\": a%2Fb%20c%C3%A9%7E\n");
    }

    @Test
    void aMemberOfADictionaryCanBeCoveredAlone() {
        assertThat(covering(
                        "\"signature-agent\";key=\"s\"",
                        "/",
                        "Signature-Agent",
                        "a=\"https://other.test\", s=\"https://bot.test\""))
                .startsWith("\"signature-agent\";key=\"s\": \"https://bot.test\"\n");
    }

    @Test
    void bytesOfLinesAndCanonicalFormsCanBeCovered() {
        assertThat(covering("\"x-a\";bs", "/", "X-A", "one", "X-A", "two")).startsWith("\"x-a\";bs: :b25l:, :dHdv:\n");
        assertThat(covering("\"priority\";sf", "/", "Priority", "u=1,   i")).startsWith("\"priority\";sf: u=1, i\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"@query-param\"",
                "\"@query-param\";name=\"none\"",
                "\"@query-param\";name=\"twice\"",
                "\"@status\"",
                "\"@unknown\"",
                "\"@method\";req",
                "\"@signature-params\"",
                "\"x-none\"",
                "\"x-a\";tr",
                "\"x-a\";req",
                "\"x-a\";bs;sf",
                "\"x-a\";sf",
                "\"x-a\";key=\"no\"",
                "\"x-a\" \"x-a\"",
                "x-a",
                "17"
            })
    void whatIsNotThereOrNotOneThingIsRefused(String component) {
        assertThatThrownBy(() -> covering(component, "/?twice=1&twice=2", "X-A", "a"))
                .isInstanceOf(BadSignature.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "s=() | other=:AAAA:",
                "s=() | s=AAAA",
                "s=() | s=\"AAAA\"",
                "s | s=:AAAA:",
                "s=\"x\" | s=:AAAA:",
                "s=( | s=:AAAA:",
                "s=(\"a\"\"b\") | s=:AAAA:",
                "s=(); | s=:AAAA:",
                "s=(), | s=:AAAA:",
                "S=() | S=:AAAA:",
                "s=() | s=:A_A-:",
                "s=();created=1.5.2 | s=:AAAA:",
                "s=();created=1234567890123456 | s=:AAAA:",
                "s=();tag=\"\u00e9\" | s=:AAAA:",
                "a=(), b=(), c=(), d=(), e=() | a=:AA==:, b=:AA==:, c=:AA==:, d=:AA==:, e=:AA==:"
            })
    void whatIsNoSignatureIsRefused(String input, String signature) {
        assertThatThrownBy(() -> MessageSignature.in(message("/", "Signature-Input", input, "Signature", signature)))
                .isInstanceOf(BadSignature.class);
    }

    @Test
    void parametersAreOnlyWhatTheyShouldBe() {
        MessageSignature signature = MessageSignature.in(message(
                        "/",
                        "Signature-Input",
                        "s=();created=\"1\";expires=2;keyid=token;tag=\"t\";nonce=:AA==:;alg=\"a\\\"b\"",
                        "Signature",
                        "s=::"))
                .get(0);
        assertThat(signature.created()).isNull();
        assertThat(signature.expires()).isEqualTo(2);
        assertThat(signature.keyId()).isNull();
        assertThat(signature.tag()).isEqualTo("t");
        assertThat(signature.nonce()).isNull();
        assertThat(signature.algorithm()).isEqualTo("a\"b");
    }

    @Test
    void anythingAtAllIsReadOrRefused() {
        Random random = new Random(9421);
        String alphabet = "ab()\";=:,*?@-.1 \\\tA";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("s=(");
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                SignedMessage message =
                        message("/", "Signature-Input", text.toString().strip(), "Signature", "s=::");
                MessageSignature.in(message).forEach(signature -> signature.base(message));
            } catch (BadSignature refused) {
                assertThat(refused.text()).isNotEmpty();
            }
        }
    }

    @Test
    void rsaOfTheOlderKindIsVerified() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String input = "s=(\"@method\" \"@path\");created=1;keyid=\"k\";alg=\"rsa-v1_5-sha256\"";
        SignedMessage unsigned = message("/a", "Signature-Input", input, "Signature", "s=::");
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(pair.getPrivate());
        signer.update(MessageSignature.in(unsigned).get(0).base(unsigned));
        String made = "s=:" + Base64.getEncoder().encodeToString(signer.sign()) + ":";
        SignedMessage signed = message("/a", "Signature-Input", input, "Signature", made);
        MessageSignature signature = MessageSignature.in(signed).get(0);
        assertThat(new SignatureKey("k", SignatureAlgorithm.RSA_V1_5_SHA256, pair.getPublic())
                        .verifies(signature, signed))
                .isTrue();
        // The same key for another algorithm is another key.
        assertThat(new SignatureKey("k", SignatureAlgorithm.RSA_PSS_SHA512, pair.getPublic())
                        .verifies(signature, signed))
                .isFalse();
        assertThat(SignatureAlgorithm.named("rsa-v1_5-sha256")).isEqualTo(SignatureAlgorithm.RSA_V1_5_SHA256);
        assertThat(SignatureAlgorithm.named("none")).isNull();
    }
}
