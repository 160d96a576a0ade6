package com.esperr.gateway.http2;

import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.DecoderLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
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

/**
 * What the header list of a browser's request costs, which is the second one of its connection: the table of HPACK knows all of it.
 * {@code decoded} is the way from the bytes of a header block to a head, {@code read} the part of it behind HPACK, and {@code again}
 * that for the same list as before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RequestHeadsBenchmark {
    private static final String[] REQUEST = {
        ":method", "GET",
        ":scheme", "https",
        ":authority", "shop.example.com",
        ":path", "/products/shoes?colour=blue&size=43&sort=price",
        "cache-control", "max-age=0",
        "sec-ch-ua", "\"Chromium\";v=\"142\", \"Not=A?Brand\";v=\"24\"",
        "sec-ch-ua-mobile", "?0",
        "upgrade-insecure-requests", "1",
        "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        "sec-fetch-site", "same-origin",
        "sec-fetch-mode", "navigate",
        "sec-fetch-dest", "document",
        "referer", "https://shop.example.com/products?page=2",
        "accept-encoding", "gzip, deflate, br, zstd",
        "accept-language", "en-GB,en;q=0.9,de;q=0.7",
        "cookie", "sid=6f1c2a9b7d3e4f50",
        "cookie", "theme=dark",
        "cookie", "consent=analytics%3Dno"
    };

    private final DecoderLimits limits = new DecoderLimits(8192, 32768, 100, 1L << 31);
    private final RequestHeads heads = new RequestHeads(limits, true);
    private final HeaderListDecoder decoder = HeaderListDecoder.within(limits);
    private ByteBuf block = Unpooled.EMPTY_BUFFER;
    private HeaderList list = new HeaderList(8);

    /** Sends the first request. */
    @Setup
    public void first() throws Http2Exception {
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
        Http2Headers fields = new DefaultHttp2Headers();
        for (int i = 0; i < REQUEST.length; i += 2) {
            fields.add(new AsciiString(REQUEST[i]), new AsciiString(REQUEST[i + 1]));
        }
        ByteBuf first = Unpooled.buffer();
        encoder.encodeHeaders(1, fields, first);
        decoder.decodeHeaders(1, first);
        block = Unpooled.directBuffer();
        encoder.encodeHeaders(3, fields, block);
        list = (HeaderList) decoder.decodeHeaders(3, block.duplicate());
        first.release();
    }

    /** Gives the second one back. */
    @TearDown
    public void close() {
        block.release();
    }

    /** From a header block. */
    @Benchmark
    public RequestHead decoded() throws Http2Exception {
        heads.idle();
        return heads.head((HeaderList) decoder.decodeHeaders(3, block.readerIndex(0)), true);
    }

    /** From a header list. */
    @Benchmark
    public RequestHead read() {
        heads.idle();
        return heads.head(list, true);
    }

    /** From the same list again and again. */
    @Benchmark
    public RequestHead again() {
        return heads.head(list, true);
    }
}
