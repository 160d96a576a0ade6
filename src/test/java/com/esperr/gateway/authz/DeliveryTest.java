package com.esperr.gateway.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryTest {
    private static final UUID ID = UUID.fromString("5f1b2f3c-7a3e-4d52-8b0a-0e2f6a9c1d77");

    @Test
    void thatAVisitorIsToComeLaterComesBack() {
        assertThat(Delivery.parse(Delivery.later(ID))).isEqualTo(new Delivery(ID, null));
    }

    @Test
    void aBlockComesBack() {
        Delivery read = Delivery.parse(Delivery.text(ID, new Decision.Block(Cause.of("local"))));
        assertThat(read.id()).isEqualTo(ID);
        assertThat(read.decision()).isInstanceOf(Decision.Block.class);
    }

    @Test
    void aChallengeComesBackWithItsPlaceAndItsPolicy() {
        Cause cause = new Cause("local", "öl, 2", null, null, null, null, null);
        String url = "https://challenge.test/?a=b&return=%2Fx y";
        Delivery read = Delivery.parse(Delivery.text(ID, new Decision.Challenge(url, cause)));
        assertThat(((Decision.Challenge) read.decision()).redirectUrl()).isEqualTo(url);
        assertThat(read.decision().cause().policy()).isEqualTo("öl, 2");
    }

    @Test
    void anAdmissionComesBackWithItsCookie() {
        Decision.Admit told = new Decision.Admit("/a?b", "p=1; Path=/; HttpOnly", Cause.PASS);
        assertThat(Delivery.parse(Delivery.text(ID, told)).decision()).isEqualTo(told);
        Decision.Admit without = new Decision.Admit("/a?b", null, Cause.PASS);
        assertThat(Delivery.parse(Delivery.text(ID, without)).decision()).isEqualTo(without);
    }

    @Test
    void anAllowIsNeverDelivered() {
        assertThat(Delivery.text(ID, new Decision.Allow(Cause.DEFAULT))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.test/", "//evil.test/", "/\\evil.test/", "", "/a\r\nSet-Cookie: a=b", "/\u2603"})
    void anAdmissionLeadsToAPageOfTheSameSite(String location) {
        String text = Delivery.text(ID, new Decision.Admit(location, null, Cause.PASS));
        assertThat(catchThrowableOfType(FailureException.class, () -> Delivery.parse(text)))
                .isNotNull();
    }

    @Test
    void aCookieIsOneLine() {
        String text = Delivery.text(ID, new Decision.Admit("/", "p=1\r\nLocation: //evil.test", Cause.PASS));
        assertThat(catchThrowableOfType(FailureException.class, () -> Delivery.parse(text)))
                .isNotNull();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "allow 5f1b2f3c-7a3e-4d52-8b0a-0e2f6a9c1d77",
                "block",
                "block x",
                "block 5f1b2f3c-7a3e-4d52-8b0a-0e2f6a9c1d77 ",
                "challenge 5f1b2f3c-7a3e-4d52-8b0a-0e2f6a9c1d77 =??? -",
                "admit 5f1b2f3c-7a3e-4d52-8b0a-0e2f6a9c1d77 =Lw"
            })
    void anythingElseIsRefused(String text) {
        assertThat(catchThrowableOfType(FailureException.class, () -> Delivery.parse(text))
                        .reason())
                .isEqualTo(FailureReason.MALFORMED_ENQUIRY);
    }
}
