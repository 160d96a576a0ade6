package com.esperr.gateway.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * A client of HTTP/3 on 127.0.0.1 that sends exactly the bytes it is given on its request streams, allowed or not; QUIC and the reading
 * of responses are Netty's. It trusts everybody. Thread-safe; every wait has an end.
 */
public final class RawHttp3Client implements AutoCloseable {
    public static final int DATA = 0x0;
    public static final int HEADERS = 0x1;

    public static final int NO_ERROR = 0x100;
    public static final int FRAME_UNEXPECTED = 0x105;
    public static final int FRAME_ERROR = 0x106;
    public static final int EXCESSIVE_LOAD = 0x107;
    public static final int REQUEST_REJECTED = 0x10b;
    public static final int REQUEST_CANCELLED = 0x10c;
    public static final int MESSAGE_ERROR = 0x10e;

    private static final long SECONDS = 120;
    private static final int WINDOW = 1 << 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel socket;
    private final QuicChannel connection;
    private final List<Long> goAways = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Long> end = new CompletableFuture<>();

    private RawHttp3Client(int port, String name, int window) {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols("h3")
                .build();
        try {
            socket = new Bootstrap()
                    .group(group)
                    .channel(NioDatagramChannel.class)
                    .handler(Http3.newQuicClientCodecBuilder()
                            .sslEngineProvider(channel -> name.isEmpty()
                                    ? tls.newEngine(channel.alloc())
                                    : tls.newEngine(channel.alloc(), name, port))
                            .maxIdleTimeout(SECONDS, TimeUnit.SECONDS)
                            .initialMaxData(window)
                            .initialMaxStreamDataBidirectionalLocal(window)
                            .build())
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            connection = get(QuicChannel.newBootstrap(socket)
                    .handler(new Http3ClientConnectionHandler(new Control(), null, null, null, true))
                    .streamHandler(new ChannelInboundHandlerAdapter())
                    .remoteAddress(new InetSocketAddress("127.0.0.1", port))
                    .connect());
            connection.pipeline().addLast(new Endings());
            connection.closeFuture().addListener(closed -> end.complete(-1L));
        } catch (InterruptedException | RuntimeException failed) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new AssertionError("no connection", failed);
        }
    }

    /** Connects, and asks for {@code gw.test}. */
    public static RawHttp3Client connect(int port) {
        return connect(port, "gw.test");
    }

    /** Connects, and asks for the certificate of {@code name}, if that is not empty. */
    public static RawHttp3Client connect(int port, String name) {
        return new RawHttp3Client(port, name, WINDOW);
    }

    /** Connects with room for so many bytes of each response. */
    public static RawHttp3Client connect(int port, int window) {
        return new RawHttp3Client(port, "gw.test", window);
    }

    /** Opens a stream for a request. */
    public Http3Call open() {
        Http3Call call = new Http3Call();
        return call.on(get(Http3.newRequestStream(connection, call.reader())));
    }

    /** Sends a GET. */
    public Http3Call get(String path, String... fields) {
        return open().head("GET", path, fields).finish();
    }

    /** The response to a GET. */
    public Http2Response exchange(String path, String... fields) {
        return get(path, fields).response();
    }

    /** The streams of which it was told in GOAWAY frames. */
    public List<Long> goAways() {
        return goAways;
    }

    /** Why the other end has closed the connection, once it has; -1 if it did not say. */
    public long awaitEnd() {
        return end.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** Whether it is still open. */
    public boolean isOpen() {
        return connection.isActive();
    }

    /** How many more streams may be opened. */
    public long streamsLeft() {
        return connection.peerAllowedStreams(io.netty.handler.codec.quic.QuicStreamType.BIDIRECTIONAL);
    }

    /** What the other end has shown. */
    public X509Certificate certificate() {
        try {
            return (X509Certificate) connection.sslEngine().getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }

    /** A frame as bytes. */
    public static byte[] frame(int type, byte... payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(type);
        frame.write(0x80 | payload.length >> 24);
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** A field section in which every field, a name and its value in turns, stands as a literal (RFC 9204 section 4.5.6). */
    public static byte[] section(String... namesAndValues) {
        ByteArrayOutputStream section = new ByteArrayOutputStream();
        section.write(0);
        section.write(0);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text(section, 0x20, 7, namesAndValues[i]);
            text(section, 0, 127, namesAndValues[i + 1]);
        }
        return section.toByteArray();
    }

    private static void text(ByteArrayOutputStream section, int flags, int most, String latin1) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < most) {
            section.write(flags | bytes.length);
        } else {
            section.write(flags | most);
            int rest = bytes.length - most;
            for (; rest >= 128; rest /= 128) {
                section.write(rest % 128 + 128);
            }
            section.write(rest);
        }
        section.writeBytes(bytes);
    }

    /** Sends bytes that are no packet of QUIC, or one of nobody's, to {@code port}. */
    static ByteBuf bytes(byte[] content) {
        return Unpooled.directBuffer(content.length).writeBytes(content);
    }

    private static <T> T get(Future<T> future) {
        if (!future.awaitUninterruptibly(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing within " + SECONDS + " s");
        }
        if (!future.isSuccess()) {
            throw new AssertionError(future.cause());
        }
        return future.getNow();
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
        socket.close().awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
    }

    private final class Control extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http3GoAwayFrame goAway) {
                goAways.add(goAway.id());
            }
            ReferenceCountUtil.release(frame);
        }
    }

    private final class Endings extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                end.complete((long) close.error());
            }
        }
    }
}
