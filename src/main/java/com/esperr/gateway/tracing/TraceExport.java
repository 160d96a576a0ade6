package com.esperr.gateway.tracing;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.exchange.ExchangeRecord;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the spans of finished exchanges to a collector: OTLP over HTTP, in batches. Thread-safe. The event loop of the exchange
 * notes what its spans say and leaves that in a bounded queue; one daemon thread makes spans of it and sends them. Whatever is
 * not sent, because the queue is full or the collector does not answer, is counted and gone: traces are worth less than visitors' time.
 */
public final class TraceExport implements Spans {
    private static final Logger LOG = LoggerFactory.getLogger(TraceExport.class);
    /** The library's own words, which would go past the log; held, so that its level is kept. */
    private static final java.util.logging.Logger LIBRARY = java.util.logging.Logger.getLogger("io.opentelemetry");

    private static final int BATCH = 512;
    private static final long PAUSE_NANOS = 200_000_000L;
    private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

    private final MessagePassingQueue<RequestSpans.Parts> queue;
    private final LongAdder sent = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final SpanExporter exporter;
    private final SpanMaker maker;
    private final boolean query;
    private final Duration timeout;
    private final Thread thread = new Thread(this::run, "traces");
    private volatile boolean closed;
    private boolean failing;

    private TraceExport(TracesConfig config, SpanExporter exporter) {
        this.queue = new MpscAtomicArrayQueue<>(config.queue());
        this.exporter = exporter;
        this.maker = new SpanMaker(config.serviceName());
        this.query = config.query();
        this.timeout = config.timeout();
        thread.setDaemon(true);
    }

    /** Begins to send what {@code config}, which has an endpoint, asks for. */
    public static TraceExport open(TracesConfig config) {
        LIBRARY.setLevel(Level.OFF);
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(String.valueOf(config.endpoint()))
                .setTimeout(config.timeout())
                .setConnectTimeout(config.timeout())
                .build();
        TraceExport export = new TraceExport(config, exporter);
        export.thread.start();
        return export;
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        RequestSpans.Parts parts = RequestSpans.of(exchange, query);
        if (parts != null && (closed || !queue.offer(parts))) {
            full.add(parts.parts().size());
        }
    }

    @Override
    public long sent() {
        return sent.sum();
    }

    @Override
    public long overflowed() {
        return full.sum();
    }

    @Override
    public long failed() {
        return failed.sum();
    }

    @Override
    public long waiting() {
        return queue.size();
    }

    @Override
    public Fill fill() {
        return Fill.of(Bounded.TRACES, this::waiting, queue.capacity(), this::overflowed);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_TIME.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        full.add(queue.size());
        exporter.shutdown();
    }

    private void run() {
        boolean last;
        do {
            last = closed;
            try {
                drain();
            } catch (RuntimeException | Error defect) {
                LOG.error("traces: spans could not be made or sent", defect);
            }
            if (!last) {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        } while (!last);
    }

    private void drain() {
        for (RequestSpans.Parts next = queue.relaxedPoll(); next != null; next = queue.relaxedPoll()) {
            maker.add(next);
            if (maker.size() >= BATCH) {
                send(maker.take());
            }
        }
        if (maker.size() > 0) {
            send(maker.take());
        }
    }

    private void send(List<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans).join(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (result.isSuccess()) {
            sent.add(spans.size());
            if (failing) {
                failing = false;
                LOG.info("traces: spans are taken again");
            }
            return;
        }
        failed.add(spans.size());
        if (!failing) {
            failing = true;
            LOG.warn("traces: spans cannot be sent and are lost: {}", reason(result));
        }
    }

    private static String reason(CompletableResultCode result) {
        Throwable thrown = result.getFailureThrowable();
        return thrown == null ? "no answer, or one that refuses them" : thrown.toString();
    }
}
