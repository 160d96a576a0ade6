package com.esperr.gateway.policy;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision of the embedded engine costs for an ordinary request of a browser that no policy concerns. The policies
 * are an ordinary mix of ten kinds, in turn: paths by beginning, whole and end, parts of the user agent, headers, cookies and
 * query parameters, networks, lists, and a condition with a window.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PolicyBenchmark {
    private static final Deadline DEADLINE = new Deadline(0);
    private static final IpAddress CLIENT = IpAddress.parse("198.51.100.23");

    /** How many policies are in force. */
    @Param({"10", "1000"})
    public int policies;

    private PolicyEngine quiet;
    private PolicyEngine counting;
    private PolicyEngine expressing;
    private RequestContexts contexts;
    private RequestHead head;
    private RequestContext known;
    private final Last last = new Last();

    /** Compiles the policies. */
    @Setup
    public void compile() throws IOException {
        StringBuilder text = new StringBuilder("policies = [\n");
        for (int i = 0; i < policies; i++) {
            text.append("{ policy_id = p").append(i).append(", clauses = [ { mitigation = block, match = ");
            text.append(condition(i)).append(i % 10 == 9 ? ", window { seconds = 60, threshold = 10 }" : "");
            text.append(" } ] }\n");
        }
        quiet = engine(text + "]");
        counting = engine(text + "{ policy_id = w, clauses = [ { mitigation = block,"
                + " window { seconds = 10, threshold = 1000000 } } ] } ]");
        expressing = engine(text + "{ policy_id = e, clauses = [ { mitigation = block,"
                + " match { cel = \"request_path.startsWith('/shop') && size(query_param) > 3"
                + " || user_agent.contains('bot') && !has(cookie.sid)\" } } ] } ]");
        contexts = new RequestContexts(
                new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
                new PathRules(PathOptions.STRICT),
                Routes.NONE,
                "edge",
                System::currentTimeMillis);
        head = browserHead();
        known = request();
    }

    /** A request about which nothing was asked before, without a decision: what is to be taken off {@link #newRequest}. */
    @Benchmark
    public RequestContext noDecision() {
        return request();
    }

    /** The same and a decision; nothing matches, nothing is counted. */
    @Benchmark
    public int newRequest() {
        quiet.decide(request(), DEADLINE, last);
        return last.told;
    }

    /** The decision alone, on a request whose query and cookies are parsed by now. */
    @Benchmark
    public int noMatch() {
        quiet.decide(known, DEADLINE, last);
        return last.told;
    }

    /** As above, and every request is counted in one window. */
    @Benchmark
    public int oneWindow() {
        counting.decide(known, DEADLINE, last);
        return last.told;
    }

    /** As above, and one CEL expression has to be evaluated. */
    @Benchmark
    public int oneExpression() {
        expressing.decide(known, DEADLINE, last);
        return last.told;
    }

    private static String condition(int i) {
        return switch (i % 10) {
            case 0 -> comparison("request_path", "starts_with", "/area-" + i + "/");
            case 1 ->
                "{ all = [ " + comparison("request_path", "Eq", "/form-" + i) + ", "
                        + comparison("request_method", "Eq", "POST") + " ] }";
            case 2 -> comparison("user_agent", "contains", "\"scanner-" + i + "\", ignore_case = true");
            case 3 -> comparison("client_ip", "in_range", "10." + i % 256 + "." + i / 256 + ".0/24");
            case 4 -> comparison("request_path", "ends_with", "/backup-" + i + ".zip");
            case 5 -> comparison("request_header[x-client]", "Eq", "app-" + i);
            case 6 -> comparison("user_agent", "contains_any", "[ \"tool-" + i + "\", \"kit " + i + "\" ]");
            case 7 ->
                "{ any = [ " + comparison("cookie[campaign]", "Eq", "spring-" + i) + ", "
                        + comparison("query_param[token]", "in", "[ a" + i + ", b" + i + " ]") + " ] }";
            case 8 ->
                "{ all = [ " + comparison("client_ip", "in", "[ 192.0.2." + i % 256 + ", \"2001:db8::" + i + "\" ]")
                        + ", { not " + comparison("request_header[accept-language]", "contains", "xx") + " } ] }";
            default -> comparison("request_path", "Eq", "/signin-" + i);
        };
    }

    private static String comparison(String field, String operator, String value) {
        String written = value.startsWith("[") || value.contains(", ignore_case") ? value : '"' + value + '"';
        return "{ field = \"" + field + "\", operator = " + operator + ", value = " + written + " }";
    }

    private static PolicyEngine engine(String text) throws IOException {
        Path file = Files.createTempFile("policies", ".conf");
        try {
            LoadedPolicies loaded = PolicyLoader.load(List.of(Files.writeString(file, text)));
            if (!loaded.problems().isEmpty()) {
                throw new IllegalStateException(loaded.problems().toString());
            }
            return new PolicyEngine(
                    loaded.policies(),
                    new PolicyEngine.Terms(
                            PolicyEngine.Terms.EMBEDDED,
                            new MemoryWindows(100_000, System::nanoTime),
                            new MemoryReplicated<>(100_000, System::currentTimeMillis),
                            new HashSeed(1, 2),
                            64,
                            null,
                            System::currentTimeMillis));
        } finally {
            Files.delete(file);
        }
    }

    private RequestContext request() {
        return contexts.of(head, CLIENT, "http");
    }

    private static RequestHead browserHead() {
        Fields.Builder fields = Fields.builder(14);
        fields.add("Host", "shop.test")
                .add("Connection", "keep-alive")
                .add("sec-ch-ua", "\"Chromium\";v=\"139\", \"Not;A=Brand\";v=\"99\"")
                .add("sec-ch-ua-mobile", "?0")
                .add("sec-ch-ua-platform", "\"Linux\"")
                .add("Upgrade-Insecure-Requests", "1")
                .add(
                        "User-Agent",
                        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36")
                .add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
                .add("Sec-Fetch-Site", "same-origin")
                .add("Sec-Fetch-Mode", "navigate")
                .add("Sec-Fetch-Dest", "document")
                .add("Accept-Encoding", "gzip, deflate, br")
                .add("Accept-Language", "en-GB,en;q=0.9")
                .add("Cookie", "sid=0123456789abcdef; theme=dark");
        return new RequestHead(
                "GET", "/shop/items/17?page=2", HttpVersion.HTTP_1_1, fields.build(), BodyLength.NONE, true, false);
    }

    private static final class Last implements DecisionSink {
        private int told;

        @Override
        public void decided(Decision decision) {
            told++;
        }

        @Override
        public void abstained() {
            told--;
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            throw new IllegalStateException(detail);
        }
    }
}
