package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.state.StateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
    private static final Idempotency.Key KEY = new Idempotency.Key("shop", "event", "k");
    private static final StateKey QUESTION = new StateKey(1, 2);

    private final AtomicLong nanos = new AtomicLong();
    private final Idempotency idempotency =
            new Idempotency(new ServerConfig.Keep(100, Duration.ofMinutes(10)), nanos::get);
    private final List<Answer> told = new ArrayList<>();
    private final List<Consumer<Answer>> working = new ArrayList<>();

    private void ask(Idempotency.Key key, StateKey question) {
        idempotency.once(key, question, Runnable::run, working::add, told::add);
    }

    private static Answer answer(int status) {
        return new Answer(status, new byte[] {(byte) status}, null);
    }

    @Test
    void questionsThatComeMeanwhileAreWorkedOnOnceAndAnsweredTogether() {
        ask(KEY, QUESTION);
        ask(KEY, QUESTION);
        ask(KEY, QUESTION);
        assertThat(working).hasSize(1);
        assertThat(told).isEmpty();
        Answer answer = answer(200);
        working.get(0).accept(answer);
        assertThat(told).containsExactly(answer, answer, answer);
        ask(KEY, QUESTION);
        assertThat(told).hasSize(4);
        assertThat(working).hasSize(1);
        assertThat(idempotency.repeated()).isEqualTo(3);
    }

    @Test
    void anotherQuestionUnderTheKeyIsRefusedAtOnce() {
        ask(KEY, QUESTION);
        ask(KEY, new StateKey(1, 3));
        assertThat(told).extracting(Answer::status).containsExactly(422);
    }

    @Test
    void tenantsAndOperationsHaveKeysOfTheirOwn() {
        ask(KEY, QUESTION);
        ask(new Idempotency.Key("bank", "event", "k"), QUESTION);
        ask(new Idempotency.Key("shop", "mitigation", "k"), QUESTION);
        assertThat(working).hasSize(3);
    }

    @Test
    void aFailureIsNotKept() {
        ask(KEY, QUESTION);
        working.get(0).accept(answer(503));
        ask(KEY, QUESTION);
        assertThat(working).hasSize(2);
    }

    @Test
    void aDefectLeavesNobodyWaiting() {
        RuntimeException defect = new IllegalStateException("a defect");
        assertThatThrownBy(() -> idempotency.once(
                        KEY,
                        QUESTION,
                        Runnable::run,
                        answer -> {
                            ask(KEY, QUESTION);
                            throw defect;
                        },
                        told::add))
                .isSameAs(defect);
        assertThat(told).extracting(Answer::status).containsExactly(500);
        ask(KEY, QUESTION);
        assertThat(working).hasSize(1);
    }

    @Test
    void anAnswerIsKeptForItsTime() {
        ask(KEY, QUESTION);
        working.get(0).accept(answer(200));
        nanos.set(Duration.ofMinutes(10).toNanos());
        ask(KEY, QUESTION);
        assertThat(working).hasSize(2);
    }

    @Test
    void anotherTimeHoldsForAnswersThatAreKeptAlready() {
        ask(KEY, QUESTION);
        working.get(0).accept(answer(200));
        idempotency.retune(new ServerConfig.Keep(7, Duration.ofMinutes(2)));
        assertThat(idempotency.fill().capacity()).isEqualTo(7);
        nanos.set(Duration.ofMinutes(1).toNanos());
        ask(KEY, QUESTION);
        assertThat(working).hasSize(1);
        nanos.set(Duration.ofMinutes(3).toNanos());
        ask(KEY, QUESTION);
        assertThat(working).hasSize(2);
    }

    @Test
    void whatATenantWasAnsweredGoesWithItAndWhoeverWaitsIsAnsweredStill() {
        ask(KEY, QUESTION);
        ask(KEY, QUESTION);
        ask(new Idempotency.Key("bank", "event", "k"), QUESTION);
        idempotency.keepOnly(Set.of("bank"));
        working.get(0).accept(answer(200));
        assertThat(told).hasSize(2);
        ask(KEY, QUESTION);
        ask(new Idempotency.Key("bank", "event", "k"), QUESTION);
        assertThat(working).hasSize(3);
    }
}
