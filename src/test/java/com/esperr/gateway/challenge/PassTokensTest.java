package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassTokensTest {
    private static final byte[] SECRET = HexFormat.of().parseHex("ab".repeat(32));
    private static final byte[] OTHER = HexFormat.of().parseHex("cd".repeat(32));
    private static final Binding FREE = new Binding(Set.of(), 24, 64);
    private static final Binding BOTH = new Binding(Set.of(Binding.Kind.NETWORK, Binding.Kind.USER_AGENT), 24, 64);

    private final AtomicLong millis = new AtomicLong(1_000_000);

    private PassTokens tokens(Binding binding, String tenant, byte[]... secrets) {
        return new PassTokens(KeyRing.of(List.of(secrets)), binding, tenant, millis::get);
    }

    private Pass pass(Binding.Bound bound, long expires) {
        return new Pass(1, "esper", millis.get(), expires, Passes.print("t0k.en"), bound, null);
    }

    private static Binding.Bound visitor(Binding binding, String address, String agent) {
        RequestContext request =
                Requests.get("/").from(address).with("User-Agent", agent).context();
        return binding.of(request);
    }

    private String issued(PassTokens tokens, Binding.Bound bound) {
        String token = tokens.issue(pass(bound, millis.get() + 300_000), "shop.test");
        assertThat(token).isNotNull();
        return String.valueOf(token);
    }

    @Test
    void aPassSaysHowItWasEarnedAndUntilWhenItCounts() {
        PassTokens tokens = tokens(FREE, "shop", SECRET);
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        String token = issued(tokens, nobody);
        assertThat(token).matches("[A-Za-z0-9_-]{1,200}");
        PassVerdict verdict = tokens.look(token, "shop.test", nobody, 1);
        assertThat(verdict.result()).isEqualTo(PassResult.VALID);
        assertThat(verdict.pass()).isEqualTo(pass(nobody, 1_300_000));
        millis.addAndGet(299_999);
        assertThat(tokens.look(token, "shop.test", nobody, 1).result()).isEqualTo(PassResult.VALID);
        millis.addAndGet(1);
        assertThat(tokens.look(token, "shop.test", nobody, 1).result()).isEqualTo(PassResult.EXPIRED);
    }

    @Test
    void noBitOfAPassCanBeChangedAndNoPartIsOne() {
        PassTokens tokens = tokens(FREE, "shop", SECRET);
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        String token = issued(tokens, nobody);
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
            assertThat(tokens.look(changed, "shop.test", nobody, 1).result())
                    .as("bit %d", bit)
                    .isEqualTo(PassResult.UNKNOWN);
        }
        for (int i = 0; i < token.length(); i++) {
            for (String changed : List.of(
                    token.substring(0, i),
                    token.substring(i + 1),
                    token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1),
                    token.substring(0, i) + '=' + token.substring(i))) {
                assertThat(tokens.look(changed, "shop.test", nobody, 1).result())
                        .as(changed)
                        .isEqualTo(PassResult.UNKNOWN);
            }
        }
    }

    @Test
    void norCanOneBeChangedThatWasLookedAtBefore() {
        PassTokens tokens = tokens(FREE, "shop", SECRET);
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        String token = issued(tokens, nobody);
        for (int i = 0; i < token.length(); i++) {
            assertThat(tokens.look(token, "shop.test", nobody, 1).result()).isEqualTo(PassResult.VALID);
            String changed = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertThat(tokens.look(changed, "shop.test", nobody, 1).result())
                    .as(changed)
                    .isEqualTo(PassResult.UNKNOWN);
            assertThat(tokens.look(token.substring(i + 1), "shop.test", nobody, 1)
                            .result())
                    .isEqualTo(PassResult.UNKNOWN);
        }
    }

    @Test
    void aPassThatWasLookedAtBeforeIsNoMoreThanItWas() {
        PassTokens tokens = tokens(BOTH, "shop", SECRET);
        Binding.Bound own = visitor(BOTH, "198.51.100.23", "a");
        Binding.Bound another = visitor(BOTH, "203.0.113.9", "a");
        String token = issued(tokens, own);
        for (int round = 0; round < 3; round++) {
            assertThat(tokens.look(token, "shop.test", own, 1).result()).isEqualTo(PassResult.VALID);
            assertThat(tokens.look(token, "bank.test", own, 1).result()).isEqualTo(PassResult.ELSEWHERE);
            assertThat(tokens.look(token, "shop.test", another, 1).result()).isEqualTo(PassResult.STRANGER);
            assertThat(tokens.look(token, "shop.test", own, 2).result()).isEqualTo(PassResult.LOW);
        }
        millis.addAndGet(300_000);
        assertThat(tokens.look(token, "shop.test", own, 1).result()).isEqualTo(PassResult.EXPIRED);
    }

    @Test
    void morePassesThanAreRememberedAreAllGood() {
        PassTokens tokens = tokens(FREE, "shop", SECRET);
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        List<String> issued = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            issued.add(String.valueOf(tokens.issue(pass(nobody, millis.get() + 300_000 + i), "shop.test")));
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < issued.size(); i++) {
                PassVerdict verdict = tokens.look(issued.get(i), "shop.test", nobody, 1);
                assertThat(verdict.pass()).isEqualTo(pass(nobody, millis.get() + 300_000 + i));
            }
        }
    }

    @Test
    void noTextWhateverMakesLookingThrow() {
        PassTokens tokens = tokens(BOTH, "shop", SECRET);
        Binding.Bound visitor = visitor(BOTH, "198.51.100.23", "a");
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(i % 50 == 0 ? 5_000 : 200)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = PassTokens.VERSION;
                bytes[1] = (byte) (random.nextBoolean() ? 8 : random.nextInt());
            }
            String text = random.nextBoolean()
                    ? Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
                    : new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(tokens.look(text, "shop.test", visitor, 1).result()).isEqualTo(PassResult.UNKNOWN);
        }
    }

    @Test
    void aPassCountsOnItsSiteForItsTenantOnly() {
        PassTokens tokens = tokens(FREE, "shop", SECRET);
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        String token = issued(tokens, nobody);
        for (String host : List.of("bank.test", "www.shop.test", "shop.tes", "", "hop.test")) {
            assertThat(tokens.look(token, host, nobody, 1).result()).isEqualTo(PassResult.ELSEWHERE);
        }
        assertThat(tokens(FREE, "bank", SECRET)
                        .look(token, "shop.test", nobody, 1)
                        .result())
                .isEqualTo(PassResult.ELSEWHERE);
        // Tenant and host cannot be shifted into each other.
        assertThat(tokens(FREE, "shops", SECRET)
                        .look(token, "hop.test", nobody, 1)
                        .result())
                .isEqualTo(PassResult.ELSEWHERE);
    }

    @Test
    void aLowerLevelDoesNotMeetAHigherOne() {
        PassTokens tokens = tokens(FREE, "shop", SECRET);
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        String token = issued(tokens, nobody);
        assertThat(tokens.look(token, "shop.test", nobody, 0).result()).isEqualTo(PassResult.VALID);
        assertThat(tokens.look(token, "shop.test", nobody, 2).result()).isEqualTo(PassResult.LOW);
    }

    @Test
    void aPassFromTheFutureDoesNotCount() {
        PassTokens tokens = tokens(FREE, "shop", SECRET);
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        millis.addAndGet(60_001);
        String token = issued(tokens, nobody);
        millis.addAndGet(-60_001);
        assertThat(tokens.look(token, "shop.test", nobody, 1).result()).isEqualTo(PassResult.EXPIRED);
        millis.addAndGet(1);
        assertThat(tokens.look(token, "shop.test", nobody, 1).result()).isEqualTo(PassResult.VALID);
    }

    @Test
    void thePreviousKeyStillCountsAndAnUnknownOneDoesNot() {
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        String old = issued(tokens(FREE, "shop", SECRET), nobody);
        PassTokens rotated = tokens(FREE, "shop", OTHER, SECRET);
        assertThat(rotated.look(old, "shop.test", nobody, 1).result()).isEqualTo(PassResult.VALID);
        String fresh = issued(rotated, nobody);
        assertThat(tokens(FREE, "shop", OTHER)
                        .look(fresh, "shop.test", nobody, 1)
                        .result())
                .isEqualTo(PassResult.VALID);
        assertThat(tokens(FREE, "shop", OTHER).look(old, "shop.test", nobody, 1).result())
                .isEqualTo(PassResult.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 203.0.113.9, b, VALID",
        "'', 2001:db8::1, b, VALID",
        "USER_AGENT, 203.0.113.9, a, VALID",
        "USER_AGENT, 198.51.100.23, b, STRANGER",
        "NETWORK, 198.51.100.250, b, VALID",
        "NETWORK, 198.51.101.23, a, STRANGER",
        "NETWORK, 2001:db8::1, a, STRANGER",
        "NETWORK USER_AGENT, 198.51.100.23, a, VALID",
        "NETWORK USER_AGENT, 198.51.100.23, b, STRANGER",
        "NETWORK USER_AGENT, 198.51.101.23, a, STRANGER",
    })
    void aPassKnowsItsVisitorByWhatIsConfigured(String kinds, String address, String agent, PassResult expected) {
        Set<Binding.Kind> known = kinds.isEmpty()
                ? Set.of()
                : Set.copyOf(List.of(kinds.split(" ")).stream()
                        .map(Binding.Kind::parse)
                        .toList());
        Binding binding = new Binding(known, 24, 64);
        PassTokens tokens = tokens(binding, "shop", SECRET);
        String token = issued(tokens, visitor(binding, "198.51.100.23", "a"));
        assertThat(tokens.look(token, "shop.test", visitor(binding, address, agent), 1)
                        .result())
                .isEqualTo(expected);
    }

    @Test
    void aPassOfAFreerSettingDoesNotMeetAStricterOne() {
        String token = issued(tokens(FREE, "shop", SECRET), visitor(FREE, "198.51.100.23", "a"));
        assertThat(tokens(BOTH, "shop", SECRET)
                        .look(token, "shop.test", visitor(BOTH, "198.51.100.23", "a"), 1)
                        .result())
                .isEqualTo(PassResult.STRANGER);
    }

    @Test
    void aPassForBothFamiliesKnowsItsVisitorInEither() {
        PassTokens tokens = tokens(BOTH, "shop", SECRET);
        Binding.Bound four = visitor(BOTH, "198.51.100.23", "a");
        Binding.Bound six = visitor(BOTH, "2001:db8:1:2::77", "a");
        String token = issued(tokens, six.with(four));
        assertThat(tokens.look(token, "shop.test", four, 1).result()).isEqualTo(PassResult.VALID);
        assertThat(tokens.look(token, "shop.test", six, 1).result()).isEqualTo(PassResult.VALID);
        assertThat(tokens.look(token, "shop.test", visitor(BOTH, "2001:db8:1:3::77", "a"), 1)
                        .result())
                .isEqualTo(PassResult.STRANGER);
    }

    @Test
    void aPassThatNoCookieCouldHoldIsNotMade() {
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        Pass pass = new Pass(1, "esper", 0, 1, Passes.print("x"), nobody, "x".repeat(3_000));
        assertThat(tokens(FREE, "shop", SECRET).issue(pass, "shop.test")).isNull();
    }

    @Test
    void theFileOfKeysIsMadeForItsOwnerAndSharedFromThenOn(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("made/pass.keys");
        KeyRing first = KeyRing.open(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Binding.Bound nobody = visitor(FREE, "198.51.100.23", "a");
        String token = issued(new PassTokens(first, FREE, "shop", millis::get), nobody);
        PassTokens replica = new PassTokens(KeyRing.open(file), FREE, "shop", millis::get);
        assertThat(replica.look(token, "shop.test", nobody, 1).result()).isEqualTo(PassResult.VALID);
        Files.writeString(file, "nonsense\n");
        assertThatThrownBy(() -> KeyRing.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not shown");
    }
}
