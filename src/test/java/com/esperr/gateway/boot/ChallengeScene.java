package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway before a service that challenges everybody it is asked about, and takes the proofs that begin with "good". */
abstract class ChallengeScene {
    static final String PROOF = "esper_challenge_proof";

    final TestOrigin origin = TestOrigin.start();
    final TestEsper esper = TestEsper.start();

    @BeforeEach
    void challengeEverybody() {
        esper.answer(json -> EsperReply.challenge(esper.url() + "/c"));
        esper.answerProof(json -> json.path("proof_token").asText().startsWith("good")
                ? EsperReply.json("{\"valid\":true,\"expires_in\":60}")
                : EsperReply.json("{\"valid\":false}"));
    }

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
        assertThat(origin.violations()).isEmpty();
        assertThat(esper.violations()).isEmpty();
    }

    TestGateway gateway(String... more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "mode", "cloud",
                "origin.url", origin.url(),
                "esper.api-url", esper.url(),
                "esper.api-key", TestEsper.API_KEY,
                "esper.connect-timeout", "20s",
                "esper.coalesce", "false",
                "decision.timeout", "20s",
                "client.trusted-proxies", "loopback"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return TestGateway.start(config);
    }

    static void assertChallenged(RawResponse response) {
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.header("esper-mitigated")).isEqualTo("challenge");
        assertThat(response.headers().has("set-cookie")).isFalse();
    }

    static void assertAdmitted(RawResponse response, String location) {
        assertThat(response.status()).as("%s", response).isEqualTo(302);
        assertThat(response.headers().only("location")).isEqualTo(location);
        assertThat(response.headers().has("esper-mitigated")).isFalse();
    }

    void assertSeesNothing(List<ReceivedRequest> requests) {
        for (ReceivedRequest request : requests) {
            assertThat(request.rawHead() + request.bodyText()).doesNotContain("esper_challenge", "good");
        }
    }

    long verifications() {
        return esper.calls().stream()
                .filter(call -> call.path().endsWith("/proof/verify"))
                .count();
    }
}
