package com.esperr.gateway.http1;

import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs to decode the head a browser sends for a page, with and without cuts, against Netty's decoder: each request
 * goes through the pipeline of a channel, from a pooled direct buffer to the last handler. Each differs from the one before in its
 * last line, but where the same one comes again.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class HeadParsingBenchmark {
    private static final byte[] REQUEST = String.join(
                    "\r\n",
                    "GET /products/shoes?colour=blue&size=43&sort=price HTTP/1.1",
                    "Host: shop.example.com",
                    "Connection: keep-alive",
                    "Cache-Control: max-age=0",
                    "sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\"",
                    "sec-ch-ua-mobile: ?0",
                    "Upgrade-Insecure-Requests: 1",
                    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0",
                    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
                    "Sec-Fetch-Site: same-origin",
                    "Sec-Fetch-Mode: navigate",
                    "Referer: https://shop.example.com/products?page=2",
                    "Accept-Encoding: gzip, deflate, br, zstd",
                    "Accept-Language: en-GB,en;q=0.9,de;q=0.8",
                    "Cookie: session=3b241101-e2bb-4255-8caf-4136c566a962; theme=dark; cart=AbCdEfGhIjKlMnOp; _ga=GA1.2.3",
                    "",
                    "")
            .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] OTHER = REQUEST.clone();

    static {
        OTHER[OTHER.length - 5]++;
    }

    private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private EmbeddedChannel ours;
    private EmbeddedChannel nettys;
    private Sink sink;
    private boolean other;

    /** Opens one connection each. */
    @Setup
    public void open() {
        RequestDecoder decoder = new RequestDecoder(new DecoderLimits(8192, 32768, 100, 1L << 31));
        sink = new Sink(decoder);
        ours = new EmbeddedChannel(decoder, sink);
        nettys = new EmbeddedChannel(
                new HttpRequestDecoder(
                        new HttpDecoderConfig().setMaxInitialLineLength(8192).setMaxHeaderSize(32768)),
                new Sink(null));
    }

    /** Closes them. */
    @TearDown
    public void close() {
        ours.finishAndReleaseAll();
        nettys.finishAndReleaseAll();
    }

    /** One request in one read. */
    @Benchmark
    public void gateway(Blackhole hole) {
        feed(ours, next(), REQUEST.length);
        hole.consume(sink);
    }

    /** The same request again and again. */
    @Benchmark
    public void gatewayAgain(Blackhole hole) {
        feed(ours, REQUEST, REQUEST.length);
        hole.consume(sink);
    }

    /** The same through Netty's decoder. */
    @Benchmark
    public void netty(Blackhole hole) {
        feed(nettys, next(), REQUEST.length);
        hole.consume(sink);
    }

    /** One request in three reads. */
    @Benchmark
    public void gatewayCut(Blackhole hole) {
        feed(ours, next(), 300);
        hole.consume(sink);
    }

    /** The same through Netty's decoder. */
    @Benchmark
    public void nettyCut(Blackhole hole) {
        feed(nettys, next(), 300);
        hole.consume(sink);
    }

    private byte[] next() {
        other = !other;
        return other ? OTHER : REQUEST;
    }

    private void feed(EmbeddedChannel channel, byte[] request, int size) {
        for (int from = 0; from < request.length; from += size) {
            ByteBuf bytes = allocator.directBuffer(size);
            bytes.writeBytes(request, from, Math.min(size, request.length - from));
            channel.pipeline().fireChannelRead(bytes);
            channel.pipeline().fireChannelReadComplete();
        }
    }

    /** The last handler: goes on at once and frees what it gets. */
    private static final class Sink extends ChannelInboundHandlerAdapter {
        private final RequestDecoder decoder;
        private Object last;

        Sink(RequestDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            last = message;
            if (message instanceof RequestHead || message instanceof MessageEnd) {
                decoder.resume();
            } else {
                ReferenceCountUtil.release(message);
            }
        }
    }
}
