package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.state.WindowLimit;
import com.esperr.gateway.state.WindowSink;
import com.esperr.gateway.state.Windows;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clauses that ask how often. */
class PolicyWindowTest {
    private static final String SEARCH = """
            policies = [ { policy_id = p, name = "Search", clauses = [ {
              match { field = request_path, operator = Eq, value = /search }
              entity = %s
              window { seconds = 10, threshold = 3 }
              mitigation = block
            } ] } ]
            entities = [ { name = address, key_fields = [client_ip] }, { name = key, key_fields = ["request_header[x-key]"] } ]
            """;

    @TempDir
    Path directory;

    private final MemoryWindows windows = new MemoryWindows(1_000, System::nanoTime);

    private PolicyEngine engine(String text) {
        return Sample.engine(Sample.policies(directory, text), windows, null);
    }

    @Test
    void theRequestThatFillsTheWindowIsTheFirstToBeStopped() {
        PolicyEngine engine = engine(SEARCH.formatted("ip-user-agent"));
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            words.add(
                    Sample.get("/search").at(Sample.NOW + i * 1_000).ask(engine).word());
        }
        assertThat(words).containsExactly("abstained", "abstained", "block", "block", "block");
        Sample.Answer later = Sample.get("/search").at(Sample.NOW + 20_000).ask(engine);
        assertThat(later.word()).isEqualTo("abstained");
    }

    @Test
    void theReasonSaysHowOften() {
        PolicyEngine engine = engine(SEARCH.formatted("address"));
        Sample.get("/search").ask(engine);
        Sample.get("/search").ask(engine);
        assertThat(Sample.get("/search").ask(engine).decision.cause().reason()).isEqualTo("Search: 3 or more in 10 s");
    }

    @Test
    void onlyRequestsThatFulfilTheConditionCount() {
        PolicyEngine engine = engine(SEARCH.formatted("address"));
        for (int i = 0; i < 10; i++) {
            assertThat(Sample.get("/other").ask(engine).word()).isEqualTo("abstained");
        }
        assertThat(Sample.get("/search").ask(engine).word()).isEqualTo("abstained");
        assertThat(windows.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "address, 192.0.2.1, a, 192.0.2.1, b, true",
        "address, 192.0.2.1, a, 192.0.2.2, a, false",
        "ip-user-agent, 192.0.2.1, a, 192.0.2.1, b, false",
        "ip-user-agent, 192.0.2.1, a, 192.0.2.1, a, true",
        "ip-user-agent, 192.0.2.1, , 192.0.2.1, , true",
        "ip-user-agent, 192.0.2.1, , 192.0.2.1, a, false",
        "address, 2001:db8:0:1::1, a, 2001:db8:0:1:ffff::9, a, true",
        "address, 2001:db8:0:1::1, a, 2001:db8:0:2::1, a, false",
        "address, ::, a, 0.0.0.0, a, false",
        "key, 192.0.2.1, a, 192.0.2.2, b, true"
    })
    void visitorsAreToldApartByTheFieldsOfTheEntity(
            String entity, String ip, String agent, String otherIp, String otherAgent, boolean same) {
        PolicyEngine engine = engine(SEARCH.formatted(entity));
        request(ip, agent).ask(engine);
        request(ip, agent).ask(engine);
        assertThat(request(otherIp, otherAgent).ask(engine).word()).isEqualTo(same ? "block" : "abstained");
    }

    @Test
    void clausesDoNotShareWindows() {
        PolicyEngine engine = engine("""
                policies = [ { policy_id = p, clauses = [
                  { window { seconds = 10, threshold = 3 }, mitigation = monitor }
                  { window { seconds = 10, threshold = 4 }, mitigation = block }
                ] } ]
                """);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            words.add(Sample.get("/").ask(engine).word());
        }
        assertThat(words).containsExactly("abstained", "abstained", "allow", "block");
    }

    @Test
    void countsSurviveAReloadThatDoesNotTouchTheClause() {
        PolicyEngine engine = engine(SEARCH.formatted("address"));
        Sample.get("/search").ask(engine);
        Sample.get("/search").ask(engine);
        engine.swap(Sample.policies(directory, SEARCH.formatted("address").replace("\"Search\"", "\"Seek\"")));
        assertThat(Sample.get("/search").ask(engine).word()).isEqualTo("block");
        engine.swap(Sample.policies(directory, SEARCH.formatted("address").replace("threshold = 3", "threshold = 2")));
        assertThat(Sample.get("/search").ask(engine).word()).isEqualTo("abstained");
    }

    @Test
    void anEvaluationGoesOnWhereItWaitedForAnAnswer() {
        LaterWindows later = new LaterWindows();
        PolicyEngine engine = Sample.engine(Sample.policies(directory, """
                policies = [
                  { policy_id = p, scope { field = user_agent, operator = is_present }, clauses = [
                    { window { seconds = 10, threshold = 3 }, mitigation = monitor }
                    { window { seconds = 10, threshold = 5 }, mitigation = block }
                  ] }
                  { policy_id = q, clauses = [
                    { window { seconds = 9, threshold = 7 }, mitigation = block }
                  ] }
                ]
                """), later, null);
        Sample.Answer answer = Sample.get("/").with("User-Agent", "a").ask(engine);
        assertThat(answer.pending).isNotNull();
        assertThat(answer.told).isZero();
        later.answer(3);
        later.answer(4);
        assertThat(answer.told).isZero();
        later.answer(7);
        assertThat(answer.word()).isEqualTo("block");
        assertThat(answer.decision.cause().policy()).isEqualTo("q");
        assertThat(answer.decision.cause().reason()).contains("monitored p, clause 1");
        assertThat(new HashSet<>(later.keys)).hasSize(3);
    }

    @Test
    void aWithdrawnQuestionIsNotAnswered() {
        LaterWindows later = new LaterWindows();
        PolicyEngine engine = Sample.engine(Sample.policies(directory, SEARCH.formatted("address")), later, null);
        Sample.Answer answer = Sample.get("/search").ask(engine);
        answer.pending.cancel();
        answer.pending.cancel();
        later.answer(99);
        assertThat(answer.told).isZero();
    }

    @Test
    void aHitThatCannotBeCountedIsAFailedQuestion() {
        LaterWindows later = new LaterWindows();
        PolicyEngine engine = Sample.engine(Sample.policies(directory, SEARCH.formatted("address")), later, null);
        Sample.Answer answer = Sample.get("/search").ask(engine);
        later.sinks.remove().failed("store unreachable");
        assertThat(answer.word()).isEqualTo("decision_connect");
        assertThat(answer.detail).isEqualTo("store unreachable");
        assertThat(engine.trouble()).isEqualTo("store unreachable");
    }

    private static Sample.Request request(String ip, String agent) {
        Sample.Request request = Sample.get("/search").from(ip);
        return agent == null ? request : request.with("User-Agent", agent);
    }

    /** A store that answers when the test says so. */
    private static final class LaterWindows implements Windows {
        private final Deque<WindowSink> sinks = new ArrayDeque<>();
        private final List<StateKey> keys = new ArrayList<>();

        @Override
        public void hit(StateKey key, WindowLimit limit, long nowMillis, WindowSink sink) {
            keys.add(key);
            sinks.add(sink);
        }

        @Override
        public String trouble() {
            return "store unreachable";
        }

        void answer(int hits) {
            sinks.remove().counted(hits);
        }
    }
}
