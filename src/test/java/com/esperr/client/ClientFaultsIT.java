package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.Fault.Kind;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a service, or whoever pretends to be it, can fail: an exception of the right group, and never an allow. */
class ClientFaultsIT {
    private final TestEsper esper = TestEsper.start();
    private final ManualTiming timing = new ManualTiming();
    private final EsperClient client =
            Fixtures.builder().apiUrl(esper.url()).maxRetries(0).timing(timing).build();

    @AfterEach
    void stop() {
        client.close();
        esper.close();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFailureIsOfItsGroupAndTheNextCallIsWhole(Fault fault) {
        esper.inject(fault, 40);
        CompletableFuture<MitigationResult> result = client.checkMitigationAsync(Fixtures.question());
        if (fault.isSlow()) {
            await().until(() -> esper.calls().size() == 1);
            timing.advance(Duration.ofSeconds(30));
        }
        if (fault.kinds().contains(Kind.HARMLESS)) {
            assertThat(result.join().action()).isEqualTo(MitigationAction.Allow);
        } else {
            assertThat(groups(fault)).contains(failure(result).group());
        }
        esper.heal().answer(EsperReply.block("whole"));
        assertThat(client.checkMitigation(Fixtures.question()).reason()).isEqualTo("whole");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 9, 12, 17, 40, 72, 73, 74, 90})
    void anAnswerThatIsCutOrStallsIsNoAnswer(int at) {
        esper.inject(Fault.RESET_AT, at);
        assertThat(failure(client.checkMitigationAsync(Fixtures.question())).group())
                .isEqualTo(ErrorGroup.CONNECTION);
        esper.heal().inject(Fault.STALL_AT, at);
        CompletableFuture<MitigationResult> stalled = client.checkMitigationAsync(Fixtures.question());
        await().until(() -> esper.calls().size() == 2);
        timing.advance(Duration.ofSeconds(30));
        assertThat(failure(stalled).group()).isEqualTo(ErrorGroup.TIMEOUT);
    }

    @Test
    void anAnswerBehindTheAnswerIsNobodys() {
        esper.inject(Fault.EXTRA_RESPONSE);
        for (int i = 0; i < 50; i++) {
            assertThat(client.checkMitigation(Fixtures.question()).action()).isEqualTo(MitigationAction.Allow);
        }
    }

    @Test
    void aServerThatShoutsTheKeyBackDoesNotGetItIntoAStackTrace() {
        try (TestOrigin echo = TestOrigin.start(exchange ->
                exchange.readBody().send("HELLO " + Fixtures.KEY + "\r\n\r\n").close())) {
            EsperClient shouted = Fixtures.builder()
                    .apiUrl(echo.url())
                    .maxRetries(0)
                    .timing(timing)
                    .build();
            for (Throwable shown = failure(shouted.checkMitigationAsync(Fixtures.question()));
                    shown != null;
                    shown = shown.getCause()) {
                assertThat(shown.toString()).doesNotContain(Fixtures.KEY);
            }
        }
    }

    private static EsperException failure(CompletableFuture<?> result) {
        try {
            throw new AssertionError("answer: " + result.join() + " (expected: a failure)");
        } catch (CompletionException e) {
            return (EsperException) e.getCause();
        }
    }

    private static Set<ErrorGroup> groups(Fault fault) {
        Set<ErrorGroup> groups = EnumSet.noneOf(ErrorGroup.class);
        for (Kind kind : fault.kinds()) {
            switch (kind) {
                case CONNECT -> groups.add(ErrorGroup.CONNECTION);
                case TIMEOUT -> groups.add(ErrorGroup.TIMEOUT);
                // Bytes that are not HTTP are a broken connection to the JDK's client.
                case MALFORMED -> groups.addAll(Set.of(ErrorGroup.API, ErrorGroup.CONNECTION));
                default -> groups.add(ErrorGroup.API);
            }
        }
        return groups;
    }
}
