package com.esperr.gateway.telemetry;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.exchange.Timeline;
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
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import java.io.OutputStream;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What telling about one finished request costs its event loop, with a browser's head; {@code -prof gc} shows the bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AccessLogBenchmark {
    private final AccessLine line = new AccessLine();
    private ExchangeRecord exchange;
    private AccessLog log;
    private Metrics metrics;
    private ExchangeMetrics meters;

    @Setup
    public void prepare() {
        exchange = exchange();
        log = new AccessLog(OutputStream.nullOutputStream(), 1 << 16).start();
        metrics = new Metrics();
        meters = new ExchangeMetrics(metrics, List.of("local"));
    }

    @TearDown
    public void stop() {
        log.close();
        metrics.close();
    }

    /** The line alone. */
    @Benchmark
    public byte[] encode() {
        return line.encode(exchange);
    }

    /** The line and leaving it in the queue; the writer takes part of the machine meanwhile. */
    @Benchmark
    public void accessLog() {
        log.finished(exchange);
    }

    /** Counting and timing. */
    @Benchmark
    public void metrics() {
        meters.finished(exchange);
    }

    private static ExchangeRecord exchange() {
        Fields fields = Fields.builder(4)
                .add("Host", "shop.example")
                .add(
                        "User-Agent",
                        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36")
                .add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
                .add("Cookie", "session=0123456789abcdef0123456789abcdef")
                .build();
        RequestHead head = new RequestHead(
                "GET", "/catalogue/shoes?page=2", HttpVersion.HTTP_1_1, fields, BodyLength.NONE, true, false);
        RequestContexts contexts = new RequestContexts(
                new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
                new PathRules(PathOptions.STRICT),
                Routes.NONE,
                "bench",
                () -> 1_709_210_096_089L);
        Timeline timeline = new Timeline(0);
        timeline.mark(Moment.DECISION_ASKED, 10_000);
        timeline.mark(Moment.DECIDED, 22_000);
        timeline.mark(Moment.UPSTREAM_CONNECTED, 30_000);
        timeline.mark(Moment.RESPONSE_STARTED, 1_030_000);
        timeline.mark(Moment.DONE, 1_200_000);
        return new ExchangeRecord(
                contexts.of(head, IpAddress.parse("192.0.2.7"), "http"),
                "0123456789",
                "192.0.2.7",
                1_709_210_096_089L,
                timeline,
                200,
                Outcome.FORWARDED,
                new Decision.Allow(Cause.DEFAULT),
                true,
                null,
                null,
                "127.0.0.1:3000",
                true,
                false,
                0,
                15_230);
    }
}
