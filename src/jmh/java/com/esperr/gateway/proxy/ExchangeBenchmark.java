package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.testkit.RawHttp2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/**
 * A whole exchange without a network: the bytes of a request, head, context, decision, answer, record, the bytes of the answer.
 * All requests have the same lines. The decision is a block, so that nobody else has a part in it; forwarding is measured by {@code src/bench/speed.sh}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ExchangeBenchmark {
    private static final Map<String, String> FOR_EVER =
            Map.of("limits.requests-per-connection", Integer.toString(Integer.MAX_VALUE));
    private static final int WINDOW_UPDATE = 0x8;
    private static final String[] FIELDS = {
        "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
        "accept", "application/json",
        "accept-language", "en-GB,en;q=0.9",
        "accept-encoding", "gzip, deflate, br, zstd",
        "referer", "http://shop.test/products?page=2",
        "cookie", "sid=6f1c2a9b7d3e4f50; theme=dark",
        "sec-fetch-site", "same-origin",
        "sec-fetch-mode", "cors",
        "sec-fetch-dest", "empty",
        "cache-control", "max-age=0"
    };

    private final LoneConnection plain = LoneConnection.configured(FOR_EVER, new Blocks());
    private final LoneConnection multiplexed =
            LoneConnection.configured(FOR_EVER, new Blocks()).multiplexed();
    private byte[] http1;
    private byte[] block;
    private int stream = 1;

    /** Writes the requests. */
    @Setup
    public void write() {
        StringBuilder head = new StringBuilder("GET /products/42?ref=home HTTP/1.1\r\nhost: shop.test\r\n");
        for (int i = 0; i < FIELDS.length; i += 2) {
            head.append(FIELDS[i]).append(": ").append(FIELDS[i + 1]).append("\r\n");
        }
        http1 = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        String[] pseudo = {
            ":method", "GET", ":scheme", "http", ":authority", "shop.test", ":path", "/products/42?ref=home"
        };
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(RawHttp2Client.block(pseudo));
        list.writeBytes(RawHttp2Client.block(FIELDS));
        block = list.toByteArray();
        feed(multiplexed, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        feed(multiplexed, RawHttp2Client.frame(RawHttp2Client.SETTINGS, 0, 0));
        // Room for the answers of seven million requests, so that none waits for more.
        byte[] room = ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE - 65_535).array();
        feed(multiplexed, RawHttp2Client.frame(WINDOW_UPDATE, 0, 0, room));
        drain(multiplexed);
    }

    /** Closes the connections. */
    @TearDown
    public void close() {
        plain.close();
        multiplexed.close();
    }

    /** Over HTTP/1.1; answers how many bytes were sent. */
    @Benchmark
    public int http1() {
        feed(plain, http1);
        return answered(plain);
    }

    /** Over HTTP/2. */
    @Benchmark
    public int http2() {
        int flags = RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM;
        feed(multiplexed, RawHttp2Client.frame(RawHttp2Client.HEADERS, flags, stream, block));
        stream += 2;
        return answered(multiplexed);
    }

    private static void feed(LoneConnection connection, byte[] bytes) {
        ByteBuf received = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length);
        received.writeBytes(bytes);
        connection.channel.pipeline().fireChannelRead(received);
        connection.channel.pipeline().fireChannelReadComplete();
    }

    private static int answered(LoneConnection connection) {
        int sent = drain(connection);
        if (sent == 0 || connection.records.size() != 1) {
            throw new IllegalStateException(sent + " bytes, " + connection.records.size() + " records");
        }
        connection.records.clear();
        return sent;
    }

    private static int drain(LoneConnection connection) {
        EmbeddedChannel channel = connection.channel;
        channel.runPendingTasks();
        int sent = 0;
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            sent += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
            ReferenceCountUtil.release(message);
        }
        return sent;
    }

    private static final class Blocks implements DecisionSource {
        private final Decision block = new Decision.Block(new Cause("here", "p", null, null, "benchmark", null, null));

        @Override
        public String name() {
            return "here";
        }

        @Override
        public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
            sink.decided(block);
            return null;
        }

        @Override
        public @Nullable String trouble() {
            return null;
        }
    }
}
