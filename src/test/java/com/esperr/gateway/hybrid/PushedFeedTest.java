package com.esperr.gateway.hybrid;

import static com.esperr.gateway.hybrid.FeedTeller.heartbeat;
import static com.esperr.gateway.hybrid.FeedTeller.put;
import static com.esperr.gateway.hybrid.FeedTeller.ready;
import static com.esperr.gateway.hybrid.FeedTeller.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushedFeedTest {
    private static final FeedTeller TELLER = new FeedTeller(new HashSeed(7, 8), 64);
    private static final FeedTeller OTHER = new FeedTeller(new HashSeed(9, 10), 64);
    private static final long LATER = Requests.NOW + 600_000;

    private final Hybrids hybrids = new Hybrids();
    private final VirtualTime time = new VirtualTime();
    private final ScriptedWire wire = new ScriptedWire();
    private double random = 0.5;
    private final PushedFeed feed = feed(wire);

    @TempDir
    private Path directory;

    private PushedFeed feed(FeedWire to) {
        return new PushedFeed(new PushedFeed.Terms(Hybrids.PUSHED, to, time::in, time::nanos, () -> random));
    }

    private HybridSource started() {
        hybrids.onMiss = OnMiss.ALLOW;
        HybridSource source = hybrids.source(feed);
        time.pass(Duration.ZERO);
        return source;
    }

    private static RequestContext visitor(String userAgent) {
        return Requests.get("/a").with("User-Agent", userAgent).context();
    }

    private static String blocked(FeedTeller teller, String cursor, String userAgent) {
        return put(cursor, teller.key(visitor(userAgent)), "block", LATER);
    }

    private static boolean blocks(HybridSource source, String userAgent) {
        return Hybrids.ask(source, visitor(userAgent)).decision instanceof Decision.Block;
    }

    @Test
    void whatIsToldIsEnforcedAndNobodyElseIsMeant() {
        HybridSource source = started();
        assertThat(source.trouble()).isEqualTo("pushed: has not been told everything yet");
        wire.tells(TELLER.head("snapshot", "r-1"), blocked(TELLER, "r-1", "bad"), ready("r-1"));
        assertThat(source.trouble()).isNull();
        assertThat(Hybrids.ask(source, visitor("bad")).decision)
                .isEqualTo(new Decision.Block(new Cause("hybrid", null, null, "d-r-1", "told", null, null)));
        assertThat(Hybrids.ask(source, visitor("good")).abstained).isTrue();
        FeedState state = Hybrids.state(source, "pushed");
        assertThat(state.connected()).isTrue();
        assertThat(state.entries()).isEqualTo(1);
        assertThat(state.resyncs()).isEqualTo(1);
        assertThat(Hybrids.state(source, "learned").entries()).isZero();
    }

    @Test
    void changesCountAtOnce() {
        HybridSource source = started();
        wire.tells(TELLER.head("snapshot", "r-1"), ready("r-1"), blocked(TELLER, "r-2", "bad"));
        assertThat(blocks(source, "bad")).isTrue();
        wire.more(remove("r-3", TELLER.key(visitor("bad"))));
        assertThat(blocks(source, "bad")).isFalse();
        wire.more(
                put("r-4", TELLER.key(visitor("bad")), "Block", LATER),
                put("r-5", TELLER.key(visitor("bad")), "monitor", LATER));
        assertThat(blocks(source, "bad")).isFalse();
    }

    @Test
    void linesMayComeInPiecesOfAnySize() {
        HybridSource source = started();
        String all = TELLER.head("snapshot", "r-1") + "\n\r\n" + blocked(TELLER, "r-1", "bad") + ready("r-1")
                + blocked(TELLER, "r-2", "worse");
        wire.status(200);
        for (char c : all.toCharArray()) {
            wire.more(String.valueOf(c));
        }
        assertThat(blocks(source, "bad")).isTrue();
        assertThat(blocks(source, "worse")).isTrue();
    }

    @Test
    void aChangeIsNotMissedByWhoComesBack() {
        HybridSource source = started();
        wire.tells(TELLER.head("snapshot", "r-1"), blocked(TELLER, "r-1", "bad"), ready("r-1"), heartbeat("r-7"));
        wire.breaksOff();
        assertThat(source.trouble()).isNull();
        time.pass(Duration.ofMillis(249));
        assertThat(wire.opened()).isEqualTo(1);
        time.pass(Duration.ofMillis(1));
        assertThat(wire.cursors).containsExactly(null, "r-7");
        wire.tells(TELLER.head("resume", "r-7"), blocked(TELLER, "r-8", "worse"));
        wire.breaksOff();
        time.pass(Duration.ofSeconds(1));
        assertThat(wire.cursors).containsExactly(null, "r-7", "r-8");
        wire.tells(TELLER.head("resume", "r-8"), ready("r-8"));
        assertThat(blocks(source, "bad")).isTrue();
        assertThat(blocks(source, "worse")).isTrue();
        assertThat(source.trouble()).isNull();
        assertThat(feed.resyncs()).isEqualTo(1);
    }

    @Test
    void aTellingThatBreaksOffEndsNothingAndIsNotResumed() {
        HybridSource source = started();
        wire.tells(TELLER.head("snapshot", "r-1"), blocked(TELLER, "r-1", "bad"), ready("r-1"));
        wire.breaksOff();
        time.pass(Duration.ofSeconds(1));
        wire.tells(OTHER.head("snapshot", "s-1"), blocked(OTHER, "s-1", "worse"));
        assertThat(blocks(source, "bad")).isTrue();
        assertThat(blocks(source, "worse")).isTrue();
        wire.breaksOff();
        time.pass(Duration.ofSeconds(1));
        assertThat(wire.cursors).containsExactly(null, "r-1", null);
        assertThat(blocks(source, "bad")).isTrue();
        wire.tells(OTHER.head("snapshot", "s-1"), ready("s-1"));
        assertThat(blocks(source, "bad")).isFalse();
        await().until(() -> !blocks(source, "worse"));
        await().until(() -> Hybrids.state(source, "pushed").entries() == 0);
    }

    @Test
    void whatIsNotToldAgainEnds() {
        HybridSource source = started();
        wire.tells(
                TELLER.head("snapshot", "r-1"),
                blocked(TELLER, "r-1", "bad"),
                blocked(TELLER, "r-1", "x"),
                ready("r-1"));
        wire.breaksOff();
        time.pass(Duration.ofSeconds(1));
        wire.tells(TELLER.head("snapshot", "s-1"), blocked(TELLER, "s-1", "x"));
        assertThat(blocks(source, "bad")).isTrue();
        wire.more(ready("s-1"));
        await().until(() -> !blocks(source, "bad"));
        assertThat(blocks(source, "x")).isTrue();
    }

    @Test
    void keysOfAnotherSecretOrPrefixMeanNobody() {
        HybridSource source = started();
        wire.tells(TELLER.head("snapshot", "r-1"), blocked(OTHER, "r-1", "bad"), ready("r-1"));
        assertThat(blocks(source, "bad")).isFalse();
        RequestContext sixth = Requests.get("/").from("2001:db8::1").context();
        FeedTeller narrow = new FeedTeller(new HashSeed(7, 8), 56);
        // The network of both lengths has the same first address and so the same key.
        assertThat(narrow.key(sixth)).isEqualTo(TELLER.key(sixth));
        wire.more(put("r-2", TELLER.key(sixth), "block", LATER));
        assertThat(Hybrids.ask(source, sixth).decision).isInstanceOf(Decision.Block.class);
        wire.breaksOff();
        time.pass(Duration.ofSeconds(1));
        wire.tells(narrow.head("snapshot", "s-1"), ready("s-1"));
        assertThat(Hybrids.ask(source, sixth).abstained).isTrue();
    }

    @Test
    void aBlockBeatsAChallengeWhoeverToldIt() {
        HybridSource source = started();
        Learning learning = source.learning();
        learning.learned(learning.key(visitor("bad")), Action.CHALLENGE, 0, null, null);
        wire.tells(TELLER.head("snapshot", "r-1"), blocked(TELLER, "r-1", "bad"), ready("r-1"));
        assertThat(blocks(source, "bad")).isTrue();
        learning.learned(learning.key(visitor("x")), Action.BLOCK, 0, null, null);
        wire.more(put("r-2", TELLER.key(visitor("x")), "challenge", LATER));
        assertThat(blocks(source, "x")).isTrue();
    }

    @Test
    void whatIsLearnedDoesNotEndWhatIsTold() {
        HybridSource source = started();
        wire.tells(TELLER.head("snapshot", "r-1"), blocked(TELLER, "r-1", "bad"), ready("r-1"));
        Learning learning = source.learning();
        learning.learned(learning.key(visitor("bad")), Action.ALLOW, Long.MAX_VALUE, null, null);
        assertThat(blocks(source, "bad")).isTrue();
    }

    @Test
    void anythingThatIsNotAFeedIsBrokenOff() {
        HybridSource source = started();
        wire.tells(TELLER.head("snapshot", "r-1"), blocked(TELLER, "r-1", "bad"), ready("r-1"));
        String head = TELLER.head("snapshot", "s-1");
        List<String> garbage = List.of(
                "garbage\n",
                "[]\n",
                "{}\n",
                "{\"type\":\"ready\",\"cursor\":\"r\"}\n",
                head + head,
                head + "{\"type\":\"put\",\"key\":\"00\"}\n",
                head + "{\"type\":\"ready\"}\n",
                head + "{\"type\":\"ready\",\"cursor\":\"" + "c".repeat(257) + "\"}\n",
                head + put("s", TELLER.key(visitor("z")), "explode", LATER),
                head + put("s", TELLER.key(visitor("z")), "block", LATER).replace("2026", "next year"),
                head + put("s", TELLER.key(visitor("z")), "block", LATER).replace("}\n", "\n"),
                head + put("s", TELLER.key(visitor("z")), "block", LATER).replace("}\n", "}}\n"),
                head.replace("\"ipv6_prefix\":64", "\"ipv6_prefix\":129"),
                head.replace("\"ipv6_prefix\":64", "\"ipv6_prefix\":\"x\""),
                head.replace("\"ipv6_prefix\":64,", ""),
                head.replace("\"seed\":\"0", "\"seed\":\""),
                head.replace("\"entities\":[", "\"entities\":7,\"e\":["),
                head.replace("\"name\"", "\"title\""),
                head.replace("[\"client_ip\"", "[" + "\"user_agent\",".repeat(16) + "\"client_ip\""),
                TELLER.head("snapshot", "s-1", ",\"heartbeat_ms\":0"),
                TELLER.head("resume", "s-1"),
                "x".repeat(FeedLines.LONGEST + 1),
                head + "x".repeat(FeedLines.LONGEST + 1) + "\n");
        for (String bytes : garbage) {
            int before = wire.opened();
            wire.breaksOff();
            time.pass(Duration.ofMinutes(1));
            assertThat(wire.opened()).as(bytes).isGreaterThan(before);
            int cancelled = wire.cancelled;
            wire.tells(bytes);
            assertThat(wire.cancelled).as(bytes).isEqualTo(cancelled + 1);
            assertThat(source.trouble()).as(bytes).isNotNull().doesNotContain("000000");
            assertThat(blocks(source, "bad")).as(bytes).isTrue();
        }
    }

    @Test
    void linesOfLaterVersionsAreNoTrouble() {
        HybridSource source = started();
        wire.tells(
                TELLER.head("snapshot", "r-1", ",\"more\":{\"a\":[1]},\"x\":null"),
                "{\"type\":\"weather\",\"sun\":[true]}\n",
                blocked(TELLER, "r-1", "bad").replace("\"type\"", "\"n\":1.5,\"type\""),
                ready("r-1"));
        assertThat(source.trouble()).isNull();
        assertThat(blocks(source, "bad")).isTrue();
    }

    @Test
    void entitiesWhoseFieldsCannotBeReadAreSaidToBe() {
        HybridSource source = started();
        wire.tells(
                TELLER.head("snapshot", "r-1")
                        .replace(
                                "\"entities\":[",
                                "\"entities\":[{\"name\":\"moon\",\"key_fields\":[\"moon_phase\"]},"
                                        + "{\"name\":\"email\",\"key_fields\":[\"body[email]\"]},"),
                blocked(TELLER, "r-1", "bad"),
                blocked(TELLER, "r-1", "x").replace("ip-user-agent", "moon"),
                ready("r-1"));
        assertThat(source.trouble()).isEqualTo("pushed: cannot recognise email, moon");
        assertThat(blocks(source, "bad")).isTrue();
        assertThat(Hybrids.state(source, "pushed").entries()).isEqualTo(1);
    }

    @Test
    void silenceBeyondThreeHeartbeatsIsTheEnd() {
        started();
        wire.tells(TELLER.head("snapshot", "r-1", ",\"heartbeat_ms\":2000"), ready("r-1"));
        for (int i = 0; i < 10; i++) {
            time.pass(Duration.ofMillis(5_999));
            wire.more(heartbeat("r-1"));
        }
        assertThat(wire.cancelled).isZero();
        time.pass(Duration.ofMillis(6_000));
        assertThat(wire.cancelled).isEqualTo(1);
        time.pass(Duration.ofMillis(250));
        assertThat(wire.cursors).containsExactly(null, "r-1");
    }

    @Test
    void aServerThatSaysNothingIsLeftAfterTheIdleTimeout() {
        HybridSource source = started();
        time.pass(Duration.ofSeconds(30));
        assertThat(wire.cancelled).isEqualTo(1);
        assertThat(source.trouble()).isEqualTo("pushed: nothing was heard for 30000ms");
        time.pass(Duration.ofMillis(250));
        wire.tells(TELLER.head("snapshot", "r-1"), "{\"type\":\"rea");
        for (int i = 0; i < 10; i++) {
            time.pass(Duration.ofSeconds(3));
            wire.more(" ");
        }
        assertThat(wire.cancelled).isEqualTo(2);
    }

    @Test
    void aRefusedKeyIsOneAlarmHoweverOftenItIsTried() {
        try (Logged log = Logged.below(PushedFeed.class.getName())) {
            HybridSource source = started();
            for (int i = 0; i < 20; i++) {
                wire.status(401);
                time.pass(Duration.ofSeconds(15));
            }
            assertThat(wire.opened()).isEqualTo(21);
            assertThat(source.trouble()).isEqualTo("pushed: the API key is refused, status 401");
            wire.tells(TELLER.head("snapshot", "r-1"), ready("r-1"));
            assertThat(log.lines())
                    .containsExactly(
                            "ERROR feed pushed: the API key is refused, status 401; what was told before is enforced",
                            "INFO feed pushed: up to date again");
        }
    }

    @Test
    void attemptsGrowRarerUntilTheFeedStays() {
        started();
        random = 0.999_999;
        wire.refusal = "refused";
        wire.breaksOff();
        time.pass(Duration.ofMinutes(2));
        // After 0.5, 1, 2, 4, 8 and 16 seconds, then every 30.
        assertThat(wire.opened()).isEqualTo(1 + 6 + 2);
        wire.refusal = null;
        time.pass(Duration.ofSeconds(30));
        wire.tells(TELLER.head("snapshot", "r-1"), ready("r-1"));
        int before = wire.opened();
        wire.breaksOff();
        time.pass(Duration.ofSeconds(29));
        assertThat(wire.opened()).isEqualTo(before);
        time.pass(Duration.ofSeconds(1));
        wire.tells(TELLER.head("resume", "r-1"), ready("r-1"), heartbeat("r-1"));
        wire.breaksOff();
        time.pass(Duration.ofMillis(500));
        assertThat(wire.opened()).isEqualTo(before + 2);
    }

    @Test
    void nothingIsToldOrTriedAfterTheEnd() {
        HybridSource source = started();
        wire.tells(TELLER.head("snapshot", "r-1"), ready("r-1"));
        source.close();
        time.pass(Duration.ZERO);
        assertThat(wire.cancelled).isEqualTo(1);
        wire.more(blocked(TELLER, "r-2", "bad"));
        assertThat(blocks(source, "bad")).isFalse();
        time.pass(Duration.ofMinutes(10));
        assertThat(wire.opened()).isEqualTo(1);
    }

    @Test
    void aRestartForgetsNothingAndAsksForEverything() {
        hybrids.snapshot = directory.resolve("snapshot");
        HybridSource before = started();
        wire.tells(
                TELLER.head("snapshot", "r-1"),
                blocked(TELLER, "r-1", "bad"),
                blocked(TELLER, "r-1", "x"),
                ready("r-1"));
        before.close();
        ScriptedWire again = new ScriptedWire();
        HybridSource after = hybrids.source(feed(again));
        time.pass(Duration.ZERO);
        assertThat(blocks(after, "bad")).isTrue();
        assertThat(again.cursors).containsExactly((String) null);
        again.tells(OTHER.head("snapshot", "s-1"), blocked(OTHER, "s-1", "x"));
        assertThat(blocks(after, "bad")).isTrue();
        again.more(ready("s-1"));
        assertThat(blocks(after, "bad")).isFalse();
        assertThat(blocks(after, "x")).isTrue();
        after.close();
    }

    @Test
    void withoutTheFeedLearnedNothingIsLearned() {
        hybrids.feed = List.of(FeedKind.PUSHED);
        HybridSource source = started();
        Learning learning = source.learning();
        learning.learned(learning.key(visitor("bad")), Action.BLOCK, 0, null, null);
        assertThat(Hybrids.ask(source, visitor("bad")).abstained).isTrue();
        assertThat(source.feeds()).extracting(FeedState::name).containsExactly("pushed");
    }
}
