package com.esperr.gateway.bots;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.BotFacts.Method;
import com.esperr.gateway.request.BotFacts.Status;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebBotAuthTest {
    private static final String COVERED = "\"@authority\" \"signature-agent\"";
    private static final String AGENT = "\"https://bot.example\"";

    @TempDir
    private Path directory;

    private final VirtualTime time = new VirtualTime();
    private final BotSigner signer = new BotSigner();
    private final long now = TimeUnit.MILLISECONDS.toSeconds(time.millis());
    private Bots bots;

    @BeforeEach
    void open() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys.json"), signer.directory());
        Path others = Files.writeString(directory.resolve("others.json"), new BotSigner().directory());
        bots = Bots.asking(
                BotsConfigs.of(
                        directory,
                        "known = [ { name = agent, user-agents = [ AgentBot ], signers = [ { agent = \"https://bot.example\", file = \""
                                + keys
                                + "\" } ] }, { name = other, signers = [ { agent = \"https://other.example\", file = \""
                                + others
                                + "\" } ] } ], signatures.per-second = 20"),
                new ScriptedNames(),
                time::nanos,
                time::millis);
    }

    @AfterEach
    void close() {
        bots.close();
    }

    private RequestContext request(String target, String input, String signature, String agent) {
        Requests request = Requests.get(target)
                .with("User-Agent", "Mozilla/5.0")
                .with("Signature-Input", "sig=" + input)
                .with("Signature", signature);
        return (agent == null ? request : request.with("Signature-Agent", agent)).context();
    }

    private BotFacts ask(String input) {
        String signature = signer.sign("https", "shop.test", "/a?b=c", input, "Signature-Agent", AGENT);
        return bots.of(request("/a?b=c", input, signature, AGENT));
    }

    private String input(String more) {
        return signer.input(COVERED, now - 10, now + 300, more);
    }

    @Test
    void whoSignsIsWhoHeSignsAs() {
        assertThat(ask(input(""))).isEqualTo(new BotFacts("agent", Status.VERIFIED, Method.SIGNATURE, true));
        assertThat(ask(input(";alg=\"ed25519\";nonce=\"n1\"")).status()).isEqualTo(Status.VERIFIED);
        assertThat(bots.counts().signatures(BotCounts.Signed.VALID)).isEqualTo(2);
        assertThat(bots.counts().verified(Method.SIGNATURE)).isEqualTo(2);
    }

    @Test
    void theNewerFormOfSignatureAgentIsReadToo() {
        String input = signer.input("\"@authority\" \"signature-agent\";key=\"sig\"", now, now + 60, "");
        String agent = "sig=\"https://bot.example\"";
        String signature = signer.sign("https", "shop.test", "/", input, "Signature-Agent", agent);
        assertThat(bots.of(request("/", input, signature, agent)).status()).isEqualTo(Status.VERIFIED);
    }

    @Test
    void withoutSignatureAgentTheKeySaysWhoItIs() {
        String input = signer.input("\"@target-uri\"", now, now + 60, "");
        String signature = signer.sign("https", "shop.test", "/x", input);
        assertThat(bots.of(request("/x", input, signature, null)).name()).isEqualTo("agent");
        assertThat(bots.of(request("/y", input, signature, null)).status()).isEqualTo(Status.IMPOSTOR);
    }

    @ParameterizedTest
    @CsvSource({
        // Made too late, ended, the wrong way round, for longer than allowed, at the edges of what clocks may differ.
        "11, 60, IMPOSTOR",
        "-60, -11, IMPOSTOR",
        "5, 4, IMPOSTOR",
        "0, 86401, IMPOSTOR",
        "10, 60, VERIFIED",
        "-60, -10, VERIFIED",
        "0, 86400, VERIFIED"
    })
    void aSignatureCountsFromItsMakingToItsEnd(long created, long expires, Status status) {
        assertThat(ask(signer.input(COVERED, now + created, now + expires, "")).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"@method\" \"signature-agent\"",
                "\"@path\" \"signature-agent\"",
                "\"signature-agent\"",
                "\"@authority\"",
                ""
            })
    void whatDoesNotCoverTheSiteAndTheSignerCouldBeTakenElsewhere(String covered) {
        assertThat(ask(signer.input(covered, now, now + 60, "")).status()).isEqualTo(Status.IMPOSTOR);
    }

    @Test
    void aSignatureForAnotherSiteIsWorthNothing() {
        String input = input("");
        String signature = signer.sign("https", "other.test", "/", input, "Signature-Agent", AGENT);
        assertThat(bots.of(request("/", input, signature, AGENT)).status()).isEqualTo(Status.IMPOSTOR);
    }

    @Test
    void aNonceIsUsedOnce() {
        String input = input(";nonce=\"once\"");
        assertThat(ask(input).status()).isEqualTo(Status.VERIFIED);
        assertThat(ask(input).status()).isEqualTo(Status.IMPOSTOR);
        assertThat(bots.counts().signatures(BotCounts.Signed.REPLAYED)).isEqualTo(1);
        assertThat(ask(input(";nonce=\"" + "x".repeat(257) + "\"")).status()).isEqualTo(Status.IMPOSTOR);
    }

    @Test
    void anotherPurposeIsNoneOfOurs() {
        String input = input("").replace("web-bot-auth", "other");
        String signature = signer.sign("https", "shop.test", "/", input, "Signature-Agent", AGENT);
        assertThat(bots.of(request("/", input, signature, AGENT))).isSameAs(BotFacts.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Another known bot, one nobody knows, spellings that are not the same host.
                "\"https://other.example\"",
                "\"https://attacker.test\"",
                "\"http://bot.example\"",
                "\"https://bot.example:8443\"",
                "\"https://bot.example/keys\"",
                "\"https://bot.example@attacker.test\"",
                "\"data:application/json,{}\"",
                "\"\""
            })
    void aKeyIsOnlyThatOfTheOneWhoIsNamed(String agent) {
        String input = input("");
        String signature = signer.sign("https", "shop.test", "/", input, "Signature-Agent", agent);
        assertThat(bots.of(request("/", input, signature, agent))).isSameAs(BotFacts.NONE);
        assertThat(bots.counts().signatures(BotCounts.Signed.UNKNOWN)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519ph", "hmac-sha256", "rsa-v1_5-sha256", "none", ""})
    void whatASignatureSaysOfItsAlgorithmMustBeTheKeys(String algorithm) {
        assertThat(ask(input(";alg=\"" + algorithm + "\"")).status()).isEqualTo(Status.IMPOSTOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sig=::", "sig=:AAAA:", "other=:AAAA:", "sig", "", "sig=:!:"})
    void whatIsNoSignatureVerifiesNobody(String signature) {
        assertThat(bots.of(request("/", input(""), signature, AGENT)).status()).isNotEqualTo(Status.VERIFIED);
        assertThat(bots.counts().signatures(BotCounts.Signed.INVALID)).isEqualTo(1);
    }

    @Test
    void moreThanAHeadOfSignaturesIsNotRead() {
        String input = input(";nonce=\"" + "x".repeat(9000) + "\"");
        assertThat(bots.of(request("/", input, "sig=:AAAA:", AGENT)).status()).isNotEqualTo(Status.VERIFIED);
    }

    @Test
    void onlySoManyAreVerifiedASecond() {
        String input = input("");
        for (int i = 0; i < 100; i++) {
            ask(input);
        }
        assertThat(bots.counts().signatures(BotCounts.Signed.VALID)).isEqualTo(20);
        assertThat(bots.counts().signatures(BotCounts.Signed.DROPPED)).isEqualTo(80);
        time.pass(Duration.ofSeconds(2));
        assertThat(ask(input).status()).isEqualTo(Status.VERIFIED);
    }

    @Test
    void noBitOfWhatIsSignedCanBeAnother() {
        String input = input("");
        String signature = signer.sign("https", "shop.test", "/", input, "Signature-Agent", AGENT);
        for (int at = 5; at < signature.length() - 4; at++) {
            char other = signature.charAt(at) == 'A' ? 'B' : 'A';
            time.pass(Duration.ofMillis(60));
            assertThat(bots.of(request(
                                    "/",
                                    input,
                                    signature.substring(0, at) + other + signature.substring(at + 1),
                                    AGENT))
                            .status())
                    .isEqualTo(Status.IMPOSTOR);
        }
    }
}
