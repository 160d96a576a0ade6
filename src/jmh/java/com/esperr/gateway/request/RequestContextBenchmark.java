package com.esperr.gateway.request;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.net.IpAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What it costs to make the context of a browser's request, behind a trusted proxy too, and to ask it for fields. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RequestContextBenchmark {
    private static final IpAddress VISITOR = IpAddress.parse("198.51.100.23");
    private static final IpAddress PROXY = IpAddress.parse("10.0.0.7");

    private final RequestContexts contexts = new RequestContexts(
            new ClientAddressRules(CidrSet.of(List.of(Cidr.parse("10.0.0.0/8"))), ForwardingHeader.X_FORWARDED_FOR),
            new PathRules(PathOptions.STRICT),
            Routes.NONE,
            "edge",
            System::currentTimeMillis);
    private final RequestHead head = head();
    private final RequestContext known = contexts.of(head, VISITOR, "http");
    private final FieldReference path = FieldReference.parse("request_path");
    private final FieldReference agent = FieldReference.parse("user_agent");
    private final FieldReference header = FieldReference.parse("request_header[accept-language]");
    private final FieldReference cookie = FieldReference.parse("cookie[theme]");
    private final FieldReference query = FieldReference.parse("query_param[page]");

    /** From the head of a visitor who connects directly. */
    @Benchmark
    public RequestContext direct() {
        return contexts.of(head, VISITOR, "http");
    }

    /** From a head that a trusted proxy forwards. */
    @Benchmark
    public RequestContext behindProxy() {
        return contexts.of(head, PROXY, "https");
    }

    /** Fields that stand in the head. */
    @Benchmark
    public void plainFields(Blackhole hole) {
        hole.consume(path.value(known));
        hole.consume(agent.value(known));
        hole.consume(header.value(known));
    }

    /** Fields of a context that has not been asked for any: query and cookies are read then. */
    @Benchmark
    public void parsedFields(Blackhole hole) {
        RequestContext request = contexts.of(head, VISITOR, "http");
        hole.consume(cookie.value(request));
        hole.consume(query.value(request));
    }

    private static RequestHead head() {
        Fields fields = Fields.builder(14)
                .add("Host", "shop.test")
                .add("Connection", "keep-alive")
                .add("sec-ch-ua", "\"Chromium\";v=\"142\", \"Not=A?Brand\";v=\"24\"")
                .add("sec-ch-ua-mobile", "?0")
                .add("Upgrade-Insecure-Requests", "1")
                .add(
                        "User-Agent",
                        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36")
                .add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
                .add("Sec-Fetch-Site", "same-origin")
                .add("Sec-Fetch-Mode", "navigate")
                .add("Sec-Fetch-Dest", "document")
                .add("Accept-Encoding", "gzip, deflate, br, zstd")
                .add("Accept-Language", "en-GB,en;q=0.9")
                .add("Cookie", "sid=0123456789abcdef; theme=dark")
                .add("X-Forwarded-For", "203.0.113.9")
                .build();
        return new RequestHead(
                "GET", "/shop/items/17?page=2&sort=price", HttpVersion.HTTP_1_1, fields, BodyLength.NONE, true, false);
    }
}
