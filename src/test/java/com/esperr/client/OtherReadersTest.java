package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherReadersTest {
    private static final HttpHeaders NONE = HttpHeaders.of(Map.of(), (name, value) -> true);

    private final Settings settings = Fixtures.settings();

    private ProofVerification verification(int status, String body, Settings with) throws MalformedAnswerException {
        return new VerificationReader(with, new ManualTiming())
                .read(status, NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    private BeaconReceipt receipt(String body) throws MalformedAnswerException {
        return new ReceiptReader(settings.apiKey()).read(200, NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "300 | {\"valid\":true}",
                "300 | {\"VERIFIED\":true}",
                "300 | {\"ok\":true,\"success\":true}",
                "60 | {\"valid\":true,\"expires_in\":60}",
                "1 | {\"valid\":true,\"ttl_seconds\":1.5}",
                "10 | {\"valid\":true,\"expires_at\":\"2026-05-04T08:15:40.120Z\"}",
                "10 | {\"valid\":true,\"expires_at\":\"2026-05-04T10:15:40.120+02:00\",\"expires_in\":99}",
                "86400 | {\"valid\":true,\"expires_in\":1e300}",
                "86400 | {\"valid\":true,\"expires_at\":\"2999-01-01T00:00:00Z\"}",
            })
    void aProofIsValidForAsLongAsItSays(long seconds, String body) throws MalformedAnswerException {
        ProofVerification verification = verification(200, body, settings);
        assertThat(verification.valid()).isTrue();
        assertThat(Duration.between(ManualTiming.START, verification.expiresAt())
                        .toSeconds())
                .isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"message\":\"fine\"}",
                "{\"valid\":false}",
                "{\"valid\":null}",
                "{\"valid\":\"true\"}",
                "{\"valid\":1}",
                "{\"valid\":true,\"VALID\":true}",
                "{\"success\":true,\"valid\":false}",
                "{\"valid\":true,\"success\":false}",
                "{\"valid\":true,\"expires_in\":0}",
                "{\"valid\":true,\"expires_in\":-1}",
                "{\"valid\":true,\"expires_in\":\"60\"}",
                "{\"valid\":true,\"expires_at\":\"2026-05-04T08:15:30Z\"}",
                "{\"valid\":true,\"expires_at\":\"tomorrow\"}",
                "{\"valid\":true,\"expires_at\":1e300}",
            })
    void anythingElseIsInvalid(String body) throws MalformedAnswerException {
        assertThat(verification(200, body, settings)).isEqualTo(ProofVerification.INVALID);
    }

    @Test
    void aBareYesHasToBeAllowed() throws MalformedAnswerException {
        Settings lenient = Fixtures.builder().acceptBareVerification(true).settings();
        assertThat(verification(204, "", lenient).valid()).isTrue();
        assertThat(verification(200, "{}", lenient).valid()).isTrue();
        assertThat(verification(200, "{\"valid\":false}", lenient).valid()).isFalse();
        assertThatThrownBy(() -> verification(200, "<html>", lenient)).isInstanceOf(MalformedAnswerException.class);
    }

    @Test
    void aRefusedProofIsInvalidAndEverythingElseAFailure() throws MalformedAnswerException {
        VerificationReader reader = new VerificationReader(settings, new ManualTiming());
        for (int status : new int[] {400, 403, 404, 409, 410, 422}) {
            assertThat(reader.answers(status)).isTrue();
            assertThat(verification(status, "{\"valid\":true}", settings).valid())
                    .isFalse();
        }
        for (int status : new int[] {101, 302, 401, 408, 429, 500, 503}) {
            assertThat(reader.answers(status)).as("%d", status).isFalse();
        }
    }

    @Test
    void aReceiptSaysWhatIsActive() throws MalformedAnswerException {
        assertThat(
                        receipt(
                                "{\"item_id\":\"i\",\"lookup_entity_id\":\"e\",\"active_mitigation\":{\"decision\":\"Block\"}}"))
                .isEqualTo(new BeaconReceipt("i", "e", MitigationAction.Block));
        assertThat(receipt("{\"item_id\":\"i\",\"lookup_entity_id\":\"e\",\"active_mitigation\":null}"))
                .isEqualTo(new BeaconReceipt("i", "e", null));
        assertThat(receipt("{}")).isEqualTo(new BeaconReceipt(null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{\"active_mitigation\":\"Block\"}", "{\"active_mitigation\":{\"decision\":\"drop\"}}"
            })
    void aReceiptThatIsNoneIsAFailure(String body) {
        assertThatThrownBy(() -> receipt(body)).isInstanceOf(MalformedAnswerException.class);
    }
}
