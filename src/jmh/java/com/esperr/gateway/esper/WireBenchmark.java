package com.esperr.gateway.esper;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one decision of the cloud costs in JSON: the question of a browser's request, and the shortest answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class WireBenchmark {
    private final EsperConfig config = Configs.of("");
    private final MitigationQuestionWriter writer = new MitigationQuestionWriter(config);
    private final MitigationAnswerReader reader =
            new MitigationAnswerReader(config, RedirectRules.of("api.esperr.com", List.of()));
    private final byte[] answer = "{\"action\":\"allow\"}".getBytes(StandardCharsets.UTF_8);
    private final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
    private final RequestContext request = Requests.get("/products/4711?colour=green&size=9")
            .with(
                    "User-Agent",
                    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36")
            .with("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")
            .with("Accept-Language", "en-GB,en;q=0.9,de;q=0.8")
            .with("Accept-Encoding", "gzip, deflate, br, zstd")
            .with("Cookie", "sid=2f6c1a0b9d8e; theme=dark; consent=yes")
            .with("Referer", "https://shop.test/products")
            .with("Sec-Fetch-Dest", "document")
            .with("Sec-Fetch-Mode", "navigate")
            .with("Sec-Fetch-Site", "same-origin")
            .with("Sec-Ch-Ua-Platform", "\"Linux\"")
            .with("Upgrade-Insecure-Requests", "1")
            .with("Cache-Control", "max-age=0")
            .with("Connection", "keep-alive")
            .context();

    /** Writes one question into a buffer. */
    @Benchmark
    public int question() throws IOException {
        buffer.clear();
        writer.write(request, new ByteBufOutputStream(buffer));
        return buffer.readableBytes();
    }

    /** Reads one answer. */
    @Benchmark
    public MitigationAnswer answer() {
        return reader.read(answer, Fields.EMPTY, "shop.test");
    }

    /** Gives the buffer back. */
    @TearDown
    public void release() {
        buffer.release();
    }
}
