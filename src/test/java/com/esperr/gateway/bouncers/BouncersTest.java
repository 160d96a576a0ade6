package com.esperr.gateway.bouncers;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.StateKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BouncersTest {
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final MemoryReplicated<ActiveMitigation> mitigations = new MemoryReplicated<>(1000, now::get);
    private final Bouncers bouncers = new Bouncers(mitigations, mitigation -> true, 64, 2, Runnable::run, now::get);

    @AfterEach
    void close() {
        mitigations.close();
    }

    private void put(long key, String address, Action action, long seconds) {
        mitigations.put(
                new StateKey(key, 1),
                new ActiveMitigation(
                        "shop",
                        "address",
                        Map.of("client_ip", address),
                        action,
                        "block",
                        "traps",
                        "first",
                        null,
                        "decision-" + key,
                        now.get(),
                        ActiveMitigation.By.POLICY,
                        null),
                now.get() + seconds * 1000);
    }

    private String told(String bouncer, boolean startup, String query) {
        AtomicReference<String> body = new AtomicReference<>();
        boolean taken = bouncers.changes(
                bouncer,
                startup,
                BouncerFilter.of(QueryParameters.parse(query)),
                bytes -> body.set(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(taken).isTrue();
        return body.get();
    }

    private String told(String bouncer) {
        return told(bouncer, false, "");
    }

    private static final String NOTHING = "{\"deleted\":[],\"new\":[]}";

    @Test
    void whatEndsEarlyOrInTimeIsDeleted() {
        put(1, "198.51.100.7", Action.BLOCK, 10);
        put(2, "198.51.100.8", Action.BLOCK, 100);
        told("a", true, "");
        mitigations.remove(new StateKey(2, 1));
        assertThat(told("a")).contains("\"deleted\":[{\"duration\":\"1m40s\"").contains("198.51.100.8");
        assertThat(told("a")).isEqualTo(NOTHING);
        now.addAndGet(10_500);
        assertThat(told("a")).contains("\"deleted\":[{\"duration\":\"-0.5s\"").contains("198.51.100.7");
        assertThat(told("a")).isEqualTo(NOTHING);
    }

    @Test
    void aBanTakesTheCaptchasPlace() {
        put(1, "198.51.100.7", Action.CHALLENGE, 100);
        assertThat(told("a", true, "")).contains("captcha");
        put(2, "198.51.100.7", Action.BLOCK, 50);
        String change = told("a");
        assertThat(change).matches("\\{\"deleted\":\\[\\{[^]]*captcha[^]]*],\"new\":\\[\\{[^]]*ban[^]]*]}");
        now.addAndGet(60_000);
        assertThat(told("a")).matches("\\{\"deleted\":\\[\\{[^]]*ban[^]]*],\"new\":\\[\\{[^]]*captcha[^]]*]}");
    }

    @Test
    void aLongerOneIsToldAgainAndNotDeleted() {
        put(1, "198.51.100.7", Action.BLOCK, 10);
        told("a", true, "");
        put(1, "198.51.100.7", Action.BLOCK, 600);
        assertThat(told("a")).startsWith("{\"deleted\":[],\"new\":[{\"duration\":\"10m0s\"");
    }

    @Test
    void eachBouncerHearsItAndTheForgottenOneHearsAll() {
        put(1, "198.51.100.7", Action.BLOCK, 100);
        told("a", true, "");
        told("b", true, "");
        assertThat(told("a")).isEqualTo(NOTHING);
        told("c", true, "");
        // Two are remembered, and b asked longest ago.
        assertThat(told("b")).contains("198.51.100.7");
    }

    @Test
    void manyNamesDoNotMakeItRememberEverythingManyTimes() {
        Bouncers bounded = new Bouncers(mitigations, mitigation -> true, 64, 100, 5, Runnable::run, now::get);
        BouncerFilter all = BouncerFilter.of(QueryParameters.parse(""));
        put(1, "198.51.100.7", Action.BLOCK, 100);
        put(2, "198.51.100.8", Action.BLOCK, 100);
        List<Integer> sizes = new ArrayList<>();
        for (String name : List.of("a", "b", "a", "c", "c", "b")) {
            bounded.changes(name, false, all, body -> sizes.add(body.length));
        }
        int nothing = NOTHING.length();
        // Five are remembered, so two bouncers: b is forgotten for c.
        assertThat(sizes).extracting(size -> size == nothing).containsExactly(false, false, true, false, true, false);
    }

    @Test
    void theFirstAddressOfANetworkIsNotTheNetwork() {
        put(1, "198.51.100.0", Action.BLOCK, 100);
        assertThat(told("a", true, "range=198.51.100.0/24")).isEqualTo(NOTHING);
        assertThat(told("a", true, "range=198.51.100.0/24&contains=false")).contains("198.51.100.0");
        assertThat(told("a", true, "ip=198.51.100.0")).contains("198.51.100.0");
    }

    @Test
    void oneThatIsUnknownIsToldAll() {
        put(1, "198.51.100.7", Action.BLOCK, 100);
        assertThat(told("new")).contains("198.51.100.7");
    }

    @Test
    void whatIsNoAddressIsLeftOut() {
        put(1, "nowhere", Action.BLOCK, 100);
        put(2, "", Action.BLOCK, 100);
        assertThat(told("a", true, "")).isEqualTo(NOTHING);
    }

    @Test
    void whoeverWaitsTooLongInLineIsToldSo() {
        List<Runnable> line = new ArrayList<>();
        Bouncers slow = new Bouncers(mitigations, mitigation -> true, 64, 2, line::add, now::get);
        BouncerFilter all = BouncerFilter.of(QueryParameters.parse(""));
        for (int i = 0; i < 256; i++) {
            assertThat(slow.active(all, body -> {})).isTrue();
        }
        assertThat(slow.active(all, body -> {})).isFalse();
        line.forEach(Runnable::run);
        assertThat(slow.active(all, body -> {})).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 0.001s",
        "59250, 59.25s",
        "60000, 1m0s",
        "3600000, 1h0m0s",
        "14399999, 3h59m59.999s",
        "-1500, -1.5s"
    })
    void durationsAreGos(long millis, String text) {
        assertThat(BouncerDecision.duration(millis)).isEqualTo(text);
    }

    @Test
    void anotherPrefixAndNumberHoldFromTheNextQuestionOn() {
        put(1, "2001:db8:1:2::7", Action.BLOCK, 100);
        assertThat(told("a", true, "")).contains("2001:db8:1:2::/64");
        assertThat(told("b", true, "")).contains("2001:db8:1:2::/64");
        bouncers.retune(56, 1);
        assertThat(told("a")).matches("\\{\"deleted\":\\[\\{[^]]*::/64[^]]*],\"new\":\\[\\{[^]]*::/56[^]]*]}");
        // One is remembered now.
        assertThat(told("b")).startsWith("{\"deleted\":[]").contains("::/56");
    }
}
