package com.esperr.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.policy.Mitigations;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.WindowCount;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RolloutTest extends RolloutScene {
    private static final BotFacts BOT = new BotFacts("Good", BotFacts.Status.VERIFIED, BotFacts.Method.RANGE, true);

    @Test
    void goesFromComparingOverAShareToAllAndIsThenInForce() {
        site = new Site(config(0.0, 0.25), better);
        assertThat(site.state()).isEqualTo("running 0.0");
        site.crowd(100, "/attack");
        assertThat(site.ask(1, "/attack")).isEqualTo("allow");
        assertThat(site.rollout.standing().json())
                .contains("\"allow -> block\":{\"count\":101,\"rules\":{\"attack/only\":101}");
        site.later(Duration.ofMinutes(10));
        assertThat(site.state()).isEqualTo("running 0.25");
        List<String> said =
                IntStream.range(0, 400).mapToObj(i -> site.ask(i, "/attack")).toList();
        assertThat(said.stream().filter("block"::equals).count()).isBetween(60L, 140L);
        assertThat(IntStream.range(0, 400).mapToObj(i -> site.ask(i, "/attack")).toList())
                .isEqualTo(said);
        site.later(Duration.ofMinutes(10));
        assertThat(site.state()).isEqualTo("running 1.0");
        site.crowd(100, "/attack");
        assertThat(site.engine.policies()).isSameAs(good);
        site.later(Duration.ofMinutes(10));
        assertThat(site.state()).isEqualTo("promoted 1.0");
        assertThat(site.engine.policies()).isSameAs(better);
        assertThat(site.ask(7, "/anything")).as("what they ordered is kept").isEqualTo("block");
        assertThat(site.ask(300, "/attack")).isEqualTo("block");
        assertThat(recorded)
                .containsExactly(
                        "rollout stage 0 0 %",
                        "rollout stage 1 25 %", "rollout stage 2 100 %", "rollout promoted 100 %");
        assertThat(site.rollout.ended(Progress.Phase.PROMOTED)).isEqualTo(1);
    }

    @Test
    void whatComparingCountsIsNotSaidOfTheRequest() throws IOException {
        String often = ", window { seconds = 60, threshold = 3 }";
        PolicySet counting = policies("counting", CLAUSE.formatted("often", "/", "block", often));
        site = new Site(config(0.0), counting);
        RequestContext request = visitor(1, "/").context();
        assertThat(site.ask(request)).isEqualTo("allow");
        assertThat(WindowCount.of(request.windows(), "often", "only")).isEqualTo(-1);
        site.rollout.order(Order.NEXT, "anna");
        RequestContext decided = visitor(1, "/").context();
        assertThat(site.ask(decided)).isEqualTo("allow");
        assertThat(WindowCount.of(decided.windows(), "often", "only")).isEqualTo(1);
    }

    @Test
    void staysInAStageUntilItsTimeIsOverAndEnoughWasSeen() {
        site = new Site(config(0.0), better);
        site.crowd(49, "/");
        site.later(Duration.ofHours(1));
        assertThat(site.state()).isEqualTo("running 0.0");
        site.crowd(1, "/");
        site.later(Duration.ZERO);
        assertThat(site.state()).isEqualTo("running 1.0");
        site.crowd(50, "/");
        site.later(Duration.ofMinutes(9));
        assertThat(site.state()).isEqualTo("running 1.0");
    }

    @Test
    void whoeverIsWithTheNewOnesStaysWithThemAsTheirShareGrows() {
        site = new Site(config(0.1, 0.6), better);
        List<String> few =
                IntStream.range(0, 200).mapToObj(i -> site.ask(i, "/attack")).toList();
        assertThat(site.rollout.order(Order.NEXT, "anna")).isNull();
        List<String> more =
                IntStream.range(0, 200).mapToObj(i -> site.ask(i, "/attack")).toList();
        IntStream.range(0, 200)
                .filter(i -> few.get(i).equals("block"))
                .forEach(i -> assertThat(more.get(i)).isEqualTo("block"));
        assertThat(more.stream().filter("block"::equals).count())
                .isGreaterThan(few.stream().filter("block"::equals).count());
    }

    @Test
    void passHoldersWhomTheNewOnesChallengeSendThemBackAndWithThemWhatTheyOrdered() {
        site = new Site(config(0.5), bad);
        IntStream.range(0, 100).forEach(i -> site.ask(holder(i, "/")));
        assertThat(IntStream.range(0, 100).mapToObj(i -> site.ask(i, "/")).toList())
                .contains("challenge", "allow");
        site.later(Duration.ZERO);
        assertThat(site.state()).isEqualTo("rolled-back 0.0");
        assertThat(site.rollout.standing().json()).contains("pass holders challenged or blocked: ");
        assertThat(IntStream.range(0, 100).mapToObj(i -> site.ask(i, "/")).toList())
                .containsOnly("allow");
        assertThat(site.engine.policies()).isSameAs(good);
        assertThat(site.rollout.ended(Progress.Phase.ROLLED_BACK)).isEqualTo(1);

        site.rollout.configure(config(0.5), good, bad);
        site.later(Duration.ofHours(1));
        assertThat(site.state()).as("not tried again by itself").isEqualTo("rolled-back 0.0");
        assertThat(site.rollout.order(Order.NEXT, "anna")).contains("expected: running");
        assertThat(site.rollout.order(Order.AGAIN, "anna")).isNull();
        assertThat(site.state()).isEqualTo("running 0.5");
    }

    @Test
    void whatThoseInForceDoToPassHoldersIsNotHeldAgainstTheNewOnes() {
        site = new Site(config(0.0), better);
        IntStream.range(0, 100).forEach(i -> site.ask(holder(i, "/door")));
        site.later(Duration.ofMinutes(10));
        assertThat(site.state()).isEqualTo("running 1.0");
        IntStream.range(0, 100).forEach(i -> site.ask(holder(i, "/door")));
        site.later(Duration.ofMinutes(10));
        assertThat(site.state()).isEqualTo("promoted 1.0");
    }

    @Test
    void comparingIsEnoughToSeeThatVerifiedBotsWouldBeChallenged() {
        site = new Site(config(0.0), bad);
        for (int i = 0; i < 9; i++) {
            assertThat(site.ask(visitor(i, "/").bot(BOT).context())).isEqualTo("allow");
        }
        site.later(Duration.ZERO);
        assertThat(site.state()).as("too few to tell").isEqualTo("running 0.0");
        site.ask(visitor(9, "/").bot(BOT).context());
        site.later(Duration.ZERO);
        assertThat(site.state()).isEqualTo("rolled-back 0.0");
        assertThat(site.rollout.standing().json()).contains("verified bots challenged or blocked: 10 of 10, 100 %");
    }

    @Test
    void challengesThatTooManySolveSendThemBack() {
        site = new Site(config(1.0), bad);
        site.crowd(20, "/");
        IntStream.range(0, 20).limit(10).forEach(this::solve);
        solve(0);
        site.later(Duration.ZERO);
        assertThat(site.state()).as("a half is allowed").isEqualTo("running 1.0");
        solve(10);
        site.later(Duration.ZERO);
        assertThat(site.rollout.standing().json()).contains("challenges solved: 11 of 20, 55 %");
        assertThat(site.state()).isEqualTo("rolled-back 0.0");
    }

    @Test
    void challengesThatTooFewSolveDoSoAtTheEndOfTheStage() {
        site = new Site(config(new Bounds(1, 1, 0.2, 1, 10), 1.0), bad);
        site.crowd(60, "/");
        IntStream.range(0, 11).forEach(this::solve);
        site.later(Duration.ofMinutes(9));
        assertThat(site.state()).isEqualTo("running 1.0");
        site.later(Duration.ofMinutes(1));
        assertThat(site.rollout.standing().json()).contains("challenges solved: 11 of 60, 18.33 %");
        assertThat(site.state()).isEqualTo("rolled-back 0.0");
    }

    private void solve(int visitor) {
        site.engines.challengeSolved(visitor(visitor, "/").context(), "everybody");
    }

    @Test
    void whatIsActiveByThoseInForceHoldsForEverybody() throws IOException {
        good = policies("lasting", CLAUSE.formatted("attack", "/attack", "block", ", lifetime = 1h"));
        site = new Site(config(0.5), better);
        site.rollout.order(Order.ABORT, "anna");
        site.crowd(20, "/attack");
        site.rollout.order(Order.AGAIN, "anna");
        for (int i = 0; i < 20; i++) {
            assertThat(site.ask(i, "/")).isEqualTo("block");
        }
        assertThat(site.rollout.standing().requests(true)).isZero();
        for (int i = 0; i < 20; i++) {
            Remembered said = new Remembered();
            site.engines.rehearse(visitor(i, "/").context(), 1, said);
            Verdict verdict = said.verdict();
            assertThat(verdict).as("also in a rehearsal").isNotNull();
            assertThat(verdict == null ? null : verdict.action()).isEqualTo(Action.BLOCK);
        }
    }

    @Test
    void whatTheNewOnesOrderIsListedCountedAndTakenBackLikeTheRest() {
        site = new Site(config(0.5), better);
        Mitigations active = new Mitigations(site.engine);
        site.crowd(100, "/attack");
        int blocked = (int) IntStream.range(0, 100)
                .filter(i -> site.ask(i, "/").equals("block"))
                .count();
        assertThat(blocked).isPositive();
        assertThat(active.list("attack", 1000)).hasSize(blocked).allMatch(Mitigations.Entry::tried);
        assertThat(site.engine.mitigationsBeside()).isEqualTo(blocked);
        for (Mitigations.Entry entry : active.list("", 1000)) {
            assertThat(active.find(entry.key())).containsExactly(entry.mitigation());
            active.remove(entry.key());
        }
        assertThat(active.list("", 1000)).isEmpty();
        assertThat(IntStream.range(0, 100).mapToObj(i -> site.ask(i, "/")).toList())
                .containsOnly("allow");
        site.crowd(100, "/attack");
        assertThat(active.list("", 1000)).isNotEmpty();
        site.rollout.order(Order.ABORT, "anna");
        assertThat(active.list("", 1000)).as("they end with the rollout").isEmpty();
        assertThat(site.engine.mitigationsBeside()).isZero();
    }

    @Test
    void operatorsGoOnEndAndBeginAgain() {
        site = new Site(config(0.0, 0.5), better);
        assertThat(site.rollout.order(Order.PROMOTE, "anna")).isNull();
        assertThat(site.engine.policies()).isSameAs(better);
        assertThat(site.rollout.based("default", good))
                .as("a reload does not undo it")
                .isSameAs(better);
        assertThat(site.rollout.order(Order.ABORT, "anna")).isNull();
        assertThat(site.engine.policies()).isSameAs(good);
        assertThat(site.state()).isEqualTo("aborted 0.0");
        assertThat(recorded).contains("anna promoted 100 %", "anna aborted 0 %");
        site.rollout.candidate(good);
        assertThat(site.state()).isEqualTo("none 0.0");
        assertThat(site.rollout.order(Order.AGAIN, "anna")).contains("rollout: none");
    }

    @Test
    void whenTheFilesInForceChangeItBeginsAnew() throws IOException {
        site = new Site(config(0.0, 0.5), better);
        site.rollout.order(Order.PROMOTE, "anna");
        PolicySet other = policies("other", CLAUSE.formatted("other", "/other", "block", ""));
        assertThat(site.rollout.based("default", other)).isSameAs(other);
        assertThat(site.state()).isEqualTo("running 0.0");
        assertThat(site.rollout.based("default", better)).isSameAs(better);
        assertThat(site.state()).isEqualTo("none 0.0");
    }

    @Test
    void gatewaysThatShareStateGoOnAndBackTogetherAndRememberIt() {
        site = new Site(config(0.5), bad);
        Site other = new Site(config(0.5), bad);
        for (int i = 0; i < 50; i++) {
            assertThat(other.ask(i, "/")).as("the same side everywhere").isEqualTo(site.ask(i, "/"));
        }
        site.rollout.order(Order.NEXT, "anna");
        other.later(Duration.ZERO);
        assertThat(other.state()).isEqualTo("running 1.0");
        IntStream.range(0, 50).forEach(i -> other.ask(holder(i, "/")));
        other.later(Duration.ZERO);
        site.later(Duration.ZERO);
        assertThat(List.of(site.state(), other.state())).containsOnly("rolled-back 0.0");
        assertThat(new Site(config(0.5), bad).state()).as("after a restart").isEqualTo("rolled-back 0.0");
        site.rollout.order(Order.AGAIN, "anna");
        other.later(Duration.ZERO);
        assertThat(other.state()).isEqualTo("running 0.5");
    }
}
