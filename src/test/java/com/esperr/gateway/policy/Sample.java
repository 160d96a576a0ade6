package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.Windows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The shortest ways to a request, a policy set and a decision. */
final class Sample {
    static final long NOW = 1_780_000_000_000L;

    private Sample() {}

    static Path write(Path directory, String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The policies of a text, which must be sound. */
    static PolicySet policies(Path directory, String text) {
        LoadedPolicies loaded = PolicyLoader.load(List.of(write(directory, "policies.conf", text)));
        if (!loaded.problems().isEmpty()) {
            throw new AssertionError(loaded.problems());
        }
        return loaded.policies();
    }

    /** The problems of a text, without the directory the test happens to use. */
    static List<String> problems(Path directory, String text) {
        return lines(PolicyLoader.load(List.of(write(directory, "policies.conf", text))), directory);
    }

    static List<String> lines(LoadedPolicies loaded, Path directory) {
        return loaded.problems().stream()
                .map(Problem::toString)
                .map(line -> line.replace(directory + "/", ""))
                .toList();
    }

    static PolicyEngine engine(PolicySet policies) {
        return engine(policies, new MemoryWindows(1_000, System::nanoTime), null);
    }

    static PolicyEngine engine(PolicySet policies, Windows windows, @Nullable String challengeUrl) {
        return new PolicyEngine(
                policies,
                new PolicyEngine.Terms(
                        PolicyEngine.Terms.EMBEDDED,
                        windows,
                        new MemoryReplicated<>(1_000, () -> NOW),
                        new HashSeed(1, 2),
                        64,
                        challengeUrl == null ? null : ChallengeUrl.parse(challengeUrl),
                        () -> NOW));
    }

    /** An engine whose lifetimes run by {@code millis}, with mitigations that the test can look into. */
    static PolicyEngine engine(PolicySet policies, Replicated<ActiveMitigation> mitigations, LongSupplier millis) {
        return new PolicyEngine(
                policies,
                new PolicyEngine.Terms(
                        PolicyEngine.Terms.EMBEDDED,
                        new MemoryWindows(1_000, System::nanoTime),
                        mitigations,
                        new HashSeed(1, 2),
                        64,
                        null,
                        millis));
    }

    static Windows noWindows() {
        return new MemoryWindows(1, System::nanoTime);
    }

    static Request get(String target) {
        return new Request(
                "GET", target, "198.51.100.23", NOW, Fields.builder(4).add("Host", "shop.test"));
    }

    /** A request being put together. */
    record Request(String method, String target, String client, long at, Fields.Builder fields) {
        Request method(String other) {
            return new Request(other, target, client, at, fields);
        }

        Request from(String address) {
            return new Request(method, target, address, at, fields);
        }

        Request at(long millis) {
            return new Request(method, target, client, millis, fields);
        }

        Request with(String name, String value) {
            fields.add(name, value);
            return this;
        }

        RequestContext context() {
            RequestHead head =
                    new RequestHead(method, target, HttpVersion.HTTP_1_1, fields.build(), BodyLength.NONE, true, false);
            return new RequestContexts(
                            new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
                            new PathRules(PathOptions.STRICT),
                            Routes.NONE,
                            "edge-1",
                            () -> at)
                    .of(head, IpAddress.parse(client), "http");
        }

        /** What the engine says, in one word or as its decision. */
        Answer ask(PolicyEngine engine) {
            Answer answer = new Answer();
            answer.pending = engine.decide(context(), new Deadline(0), answer);
            return answer;
        }
    }

    /** What a sink was told. */
    static final class Answer implements DecisionSink {
        @Nullable
        Decision decision;

        @Nullable
        FailureReason failure;

        @Nullable
        String detail;

        PolicyEngine.@Nullable Cancellation pending;
        int told;

        @Override
        public void decided(Decision made) {
            told++;
            decision = made;
        }

        @Override
        public void abstained() {
            told++;
        }

        @Override
        public void failed(FailureReason reason, String why) {
            told++;
            failure = reason;
            detail = why;
        }

        /** {@code allow}, {@code challenge}, {@code block}, {@code abstained}, or the label of a failure. */
        String word() {
            if (told != 1) {
                return "told " + told + " times";
            }
            if (decision != null) {
                return decision.action().label();
            }
            return failure == null ? "abstained" : failure.label();
        }
    }
}
