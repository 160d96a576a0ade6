package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes and proofs of any kind, and all that can be made of them without the key. */
class ForgedTokensTest {
    private static final List<String> HOSTS = List.of("shop.test", "www.shop.test", "shop.tes", "bank.test", "t", "");
    private static final List<String> TENANTS = List.of("shop", "shops", "bank", "s", "");
    private static final Binding BINDING = new Binding(Set.of(Binding.Kind.USER_AGENT), 24, 64);

    private final AtomicLong millis = new AtomicLong(1_000_000);

    private static KeyRing keys(Random random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return KeyRing.of(List.of(secret));
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private static String text(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(20)];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Everything that is made of one part of a token. */
    private static Set<String> forgeries(String part, Random random) {
        Set<String> all = new LinkedHashSet<>(TokenForgeries.flipped(TokenForgeries.decoded(part)));
        all.addAll(TokenForgeries.truncated(part));
        all.addAll(TokenForgeries.extended(part, random));
        all.addAll(TokenForgeries.respelled(part));
        all.remove(part);
        return all;
    }

    // --- passes

    private Pass pass(Random random, Binding.Bound bound) {
        String token = random.nextBoolean() ? text(random) : null;
        return new Pass(
                1 + random.nextInt(3),
                any(Pass.METHODS, random),
                millis.get(),
                millis.get() + 1 + random.nextInt(1_000_000),
                Passes.print(text(random)),
                bound,
                token);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noPassCanBeMadeOfAnother(long seed) {
        Random random = new Random(seed);
        KeyRing keys = keys(random);
        String tenant = any(TENANTS, random);
        String host = any(HOSTS, random);
        PassTokens tokens = new PassTokens(keys, BINDING, tenant, millis::get);
        Binding.Bound visitor = new Binding.Bound(1 + random.nextInt(1_000), 0, 0);
        String token = String.valueOf(tokens.issue(pass(random, visitor), host));
        String twin = String.valueOf(tokens.issue(pass(random, visitor), host));
        assertThat(tokens.look(token, host, visitor, 1).result()).isEqualTo(PassResult.VALID);
        Set<String> forged = forgeries(token, random);
        forged.add(signedAs(token, twin));
        forged.add(String.valueOf(
                new PassTokens(keys(random), BINDING, tenant, millis::get).issue(pass(random, visitor), host)));
        for (String each : forged) {
            assertThat(tokens.look(each, host, visitor, 0))
                    .as("seed %d: %s of %s", seed, each, token)
                    .isEqualTo(PassVerdict.of(PassResult.UNKNOWN));
        }
    }

    /** One pass with the signature of another. */
    private static String signedAs(String token, String other) {
        byte[] bytes = TokenForgeries.decoded(token);
        byte[] signed = TokenForgeries.decoded(other);
        System.arraycopy(signed, signed.length - 32, bytes, bytes.length - 32, 32);
        return TokenForgeries.encoded(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aPassCountsWhereItWasMadeWhileItLives(long seed) {
        Random random = new Random(seed);
        KeyRing keys = keys(random);
        for (String tenant : TENANTS) {
            for (String host : HOSTS) {
                Binding.Bound visitor = new Binding.Bound(1 + random.nextInt(1_000), 0, 0);
                Pass pass = pass(random, visitor);
                String token = String.valueOf(new PassTokens(keys, BINDING, tenant, millis::get).issue(pass, host));
                List<String> good = new ArrayList<>();
                for (String elsewhere : TENANTS) {
                    PassTokens reader = new PassTokens(keys, BINDING, elsewhere, millis::get);
                    PassTokens late = new PassTokens(keys, BINDING, elsewhere, pass::expiresAtMillis);
                    for (String site : HOSTS) {
                        PassResult result = reader.look(token, site, visitor, 1).result();
                        boolean here = elsewhere.equals(tenant) && site.equals(host);
                        assertThat(result).isEqualTo(here ? PassResult.VALID : PassResult.ELSEWHERE);
                        assertThat(late.look(token, site, visitor, 1).result())
                                .isEqualTo(here ? PassResult.EXPIRED : PassResult.ELSEWHERE);
                        if (result == PassResult.VALID) {
                            good.add(elsewhere + '/' + site);
                        }
                    }
                }
                assertThat(good).containsExactly(tenant + '/' + host);
            }
        }
    }

    // --- proofs

    private ProofTokens proofs(KeyRing keys) {
        return new ProofTokens(keys, Duration.ofMinutes(5), null, millis::get);
    }

    private static ChallengeSession session(Random random, String tenant) {
        String back = random.nextBoolean() ? "https://shop.test/" + text(random) : null;
        return new ChallengeSession(text(random), tenant, back, null, 0);
    }

    private static ProofVerdict verdict(ProofTokens tokens, String token, String tenant) {
        List<ProofVerdict> told = new ArrayList<>();
        tokens.verify(token, tenant, told::add);
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noProofCanBeMadeOfAnother(long seed) {
        Random random = new Random(seed);
        ProofTokens tokens = proofs(keys(random));
        String token = tokens.issue(session(random, "shop"), any(Pass.METHODS, random));
        String twin = tokens.issue(session(random, "shop"), any(Pass.METHODS, random));
        assertThat(verdict(tokens, token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        String payload = token.substring(0, token.indexOf('.'));
        String signature = token.substring(token.indexOf('.') + 1);
        Set<String> forged = new LinkedHashSet<>();
        forgeries(payload, random).forEach(part -> forged.add(part + '.' + signature));
        forgeries(signature, random).forEach(part -> forged.add(payload + '.' + part));
        forged.addAll(TokenForgeries.truncated(token));
        forged.addAll(TokenForgeries.extended(token, random));
        forged.addAll(TokenForgeries.respelled(token));
        forged.add(payload + twin.substring(twin.indexOf('.')));
        forged.add(proofs(keys(random)).issue(session(random, "shop"), "button"));
        for (String each : forged) {
            assertThat(verdict(tokens, each, "shop"))
                    .as("seed %d: %s of %s", seed, each, token)
                    .isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aProofCountsForItsTenantWhileItLivesAndSaysItsHost(long seed) {
        Random random = new Random(seed);
        KeyRing keys = keys(random);
        for (String tenant : TENANTS) {
            ChallengeSession session = session(random, tenant);
            String token = proofs(keys).issue(session, any(Pass.METHODS, random));
            ProofTokens late = new ProofTokens(
                    keys,
                    Duration.ofMinutes(5),
                    null,
                    () -> millis.get() + Duration.ofMinutes(5).toMillis());
            for (String elsewhere : TENANTS) {
                ProofVerdict verdict = verdict(proofs(keys), token, elsewhere);
                if (elsewhere.equals(tenant)) {
                    assertThat(verdict)
                            .isInstanceOfSatisfying(
                                    ProofVerdict.Valid.class,
                                    valid -> assertThat(valid.proof().host())
                                            .isEqualTo(session.returnUrl() == null ? "" : "shop.test"));
                    assertThat(verdict(late, token, elsewhere)).isEqualTo(ProofVerdict.Invalid.EXPIRED);
                } else {
                    assertThat(verdict).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
                    assertThat(verdict(late, token, elsewhere)).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
                }
            }
        }
    }
}
