package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.policy.PolicyTest.Expectation;
import com.esperr.gateway.request.DescriptionException;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests that policies bring along: each on state of its own, with a clock that stands still but for what the test
 * says. Confined to the thread that loads.
 */
final class PolicyTests {
    /** 2026-01-01T12:00:00Z, so that conditions on the time of day have one that can be written down. */
    private static final long START = 1_767_268_800_000L;

    private static final int MAX_REQUESTS = 1_000_000;
    private static final int MAX_STATE = 100_000;
    private static final ChallengeUrl SOMEWHERE = ChallengeUrl.parse("https://challenge.invalid/");

    private final PolicySet policies;
    private final AtomicLong millis = new AtomicLong();
    private final RequestContexts contexts = new RequestContexts(
            new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
            new PathRules(PathOptions.STRICT),
            Routes.NONE,
            "test",
            millis::get);

    private PolicyTests(PolicySet policies) {
        this.policies = policies;
    }

    /** What is not as {@code tests} expect it of {@code policies}. */
    static List<Problem> failures(PolicySet policies, List<PolicyTest> tests) {
        List<Problem> failures = new ArrayList<>();
        long requests = tests.stream().mapToLong(PolicyTest::repeat).sum();
        if (requests > MAX_REQUESTS) {
            PolicyTest last = tests.get(tests.size() - 1);
            failures.add(new Problem(
                    last.name().place(), "tests", requests + " requests", "at most " + MAX_REQUESTS + " in all"));
            return failures;
        }
        PolicyTests runner = new PolicyTests(policies);
        for (PolicyTest test : tests) {
            Problem failure = runner.failure(test);
            if (failure != null) {
                failures.add(failure);
            }
        }
        return failures;
    }

    private @Nullable Problem failure(PolicyTest test) {
        millis.set(START);
        Said said = new Said();
        try (PolicyEngine engine = engine()) {
            for (int i = 0; i < test.repeat(); i++) {
                if (i > 0) {
                    millis.addAndGet(test.every().toMillis());
                }
                RequestContext request = contexts.described(test.request().observedAtMillis(millis.get()));
                engine.decide(request, new Deadline(0), said);
            }
        } catch (DescriptionException malformed) {
            return problem(test, ".request", String.valueOf(malformed.getMessage()), "a request that can be received");
        }
        if (said.failure != null) {
            return problem(test, "", said.failure, test.expect().toString());
        }
        return test.expect().isMet(said.last)
                ? null
                : problem(test, "", said.last.toString(), test.expect().toString());
    }

    private static Problem problem(PolicyTest test, String below, String got, String expected) {
        Written name = test.name();
        String title = name.text().isEmpty() ? "" : " \"" + name.text() + '"';
        return new Problem(name.place(), name.path() + below + title, got, expected);
    }

    private PolicyEngine engine() {
        return new PolicyEngine(
                policies,
                new PolicyEngine.Terms(
                        PolicyEngine.Terms.EMBEDDED,
                        new MemoryWindows(MAX_STATE, () -> TimeUnit.MILLISECONDS.toNanos(millis.get())),
                        new MemoryReplicated<>(MAX_STATE, millis::get),
                        new HashSeed(1, 2),
                        64,
                        SOMEWHERE,
                        millis::get));
    }

    /** What the engine said last. */
    private static final class Said implements DecisionSink {
        private static final Expectation NOTHING = new Expectation(Action.ALLOW, null, null);

        private Expectation last = NOTHING;
        private @Nullable String failure;

        @Override
        public void decided(Decision decision) {
            Cause cause = decision.cause();
            last = new Expectation(decision.action(), cause.policy(), cause.clause());
        }

        @Override
        public void abstained() {
            last = NOTHING;
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            failure = reason.label() + ": " + detail;
        }
    }
}
