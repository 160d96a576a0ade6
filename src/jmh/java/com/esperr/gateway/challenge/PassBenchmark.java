package com.esperr.gateway.challenge;

import com.esperr.gateway.decision.Verified;
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
import com.esperr.gateway.state.MemoryClaims;
import com.esperr.gateway.state.MemoryDeposits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a pass costs a request, and what it costs one that brings none: the context alone, with other cookies, with a pass, and the look at it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PassBenchmark {
    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    private static final String OTHERS = "sid=4f0c2f7e1f0e4b579d0a2f6f0f3f8a11; theme=dark; consent=1; cart=3f8a11";

    private final RequestContexts contexts = new RequestContexts(
            new ClientAddressRules(CidrSet.of(List.of()), ForwardingHeader.X_FORWARDED_FOR),
            new PathRules(PathOptions.STRICT),
            Routes.NONE,
            "edge",
            System::currentTimeMillis);
    private final IpAddress peer = IpAddress.parse("198.51.100.23");

    private Passes passes;
    private RequestHead bare;
    private RequestHead cookies;
    private RequestHead shown;
    private RequestContext request;

    @Setup
    public void issue() {
        Binding binding = new Binding(Set.of(Binding.Kind.USER_AGENT, Binding.Kind.NETWORK), 24, 64);
        passes = new Passes(
                new Passes.Terms(
                        new PassConfig(Duration.ZERO, binding, Map.of(), List.of(), null),
                        "shop",
                        Duration.ofHours(1),
                        Duration.ofSeconds(1),
                        (proof, deadline, sink) -> null,
                        KeepConfig.NONE,
                        new MemoryDeposits(0, System::nanoTime),
                        new MemoryClaims(1_000, System::nanoTime),
                        System::nanoTime,
                        System::currentTimeMillis),
                KeyRing.random());
        bare = head(null);
        cookies = head(OTHERS);
        String cookie = passes.issue(
                context(bare), "t0k.en", new Verified(System.currentTimeMillis() + 3_600_000, null, null), null);
        shown = head(OTHERS + "; " + String.valueOf(cookie).split(";")[0]);
        request = context(shown);
    }

    private static RequestHead head(String cookie) {
        Fields.Builder fields = Fields.builder(8)
                .add("Host", "shop.test")
                .add("User-Agent", AGENT)
                .add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .add("Accept-Language", "en-US,en;q=0.5")
                .add("Referer", "https://shop.test/basket?step=1");
        if (cookie != null) {
            fields.add("Cookie", cookie);
        }
        return new RequestHead(
                "GET", "/basket?step=2", HttpVersion.HTTP_1_1, fields.build(), BodyLength.NONE, true, false);
    }

    private RequestContext context(RequestHead head) {
        return contexts.of(head, peer, "https");
    }

    @Benchmark
    public RequestContext withoutCookies() {
        return context(bare);
    }

    @Benchmark
    public RequestContext withOtherCookies() {
        return context(cookies);
    }

    @Benchmark
    public RequestContext withPass() {
        return context(shown);
    }

    @Benchmark
    public Object look() {
        return passes.look(request);
    }
}
