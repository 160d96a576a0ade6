package com.esperr.gateway.upstream;

import com.esperr.gateway.net.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.AttributeKey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Says whose requests a connection carries, in a PROXY protocol header before everything else, TLS included. The port of the
 * visitor is not known behind proxies and is told as 0; where he connected to is told as the origin's own address. Confined to the
 * event loop of its connection.
 */
final class AddressHeader extends ChannelDuplexHandler {
    /** The visitor of a connection that is being made; absent for the gateway's own, such as health checks. */
    static final AttributeKey<IpAddress> VISITOR = AttributeKey.valueOf(AddressHeader.class, "visitor");

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    /** Which one is sent. */
    enum Version {
        /** None. */
        OFF,
        /** The line of text. */
        V1,
        /** The binary one. */
        V2
    }

    private final Version version;
    private boolean begun;

    AddressHeader(Version version) {
        this.version = version;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.flush();
        ctx.fireChannelActive();
    }

    /** Who waits for the connection is told of it before the pipeline is, and writes at once. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        begin(ctx);
        ctx.write(message, promise);
    }

    private void begin(ChannelHandlerContext ctx) {
        if (begun) {
            return;
        }
        begun = true;
        IpAddress visitor = ctx.channel().attr(VISITOR).get();
        InetSocketAddress origin = ctx.channel().remoteAddress() instanceof InetSocketAddress remote ? remote : null;
        ctx.write(of(visitor == null ? null : visitor.inetAddress(), origin), ctx.voidPromise());
    }

    /** The header of a connection for {@code visitor}, or of one of our own. */
    ByteBuf of(@Nullable InetAddress visitor, @Nullable InetSocketAddress origin) {
        boolean four =
                visitor instanceof Inet4Address && (origin == null || origin.getAddress() instanceof Inet4Address);
        byte[] source = visitor == null ? new byte[0] : bytes(visitor, four);
        byte[] destination = origin == null ? new byte[source.length] : bytes(origin.getAddress(), four);
        int port = origin == null ? 0 : origin.getPort();
        return version == Version.V1
                ? line(source, destination, port)
                : binary(four, source, visitor == null ? new byte[0] : destination, port);
    }

    private static ByteBuf line(byte[] source, byte[] destination, int port) {
        String text = source.length == 0
                ? "PROXY UNKNOWN\r\n"
                : "PROXY " + (source.length == 4 ? "TCP4 " : "TCP6 ") + text(source) + ' ' + text(destination) + " 0 "
                        + port + "\r\n";
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static ByteBuf binary(boolean four, byte[] source, byte[] destination, int port) {
        ByteBuf header = Unpooled.buffer(52).writeBytes(SIGNATURE);
        if (source.length == 0) {
            return header.writeByte(LOCAL).writeByte(0).writeShort(0);
        }
        return header.writeByte(PROXY)
                .writeByte(four ? TCP4 : TCP6)
                .writeShort(2 * source.length + 4)
                .writeBytes(source)
                .writeBytes(destination)
                .writeShort(0)
                .writeShort(port);
    }

    /** Four bytes, or sixteen where one of the two addresses needs them. */
    private static byte[] bytes(InetAddress address, boolean four) {
        byte[] own = address.getAddress();
        if (four || own.length == 16) {
            return own;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(own, 0, mapped, 12, 4);
        return mapped;
    }

    private static String text(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < address.length; i += address.length == 4 ? 1 : 2) {
            if (address.length == 4) {
                text.append(i == 0 ? "" : ".").append(address[i] & 0xff);
            } else {
                text.append(i == 0 ? "" : ":")
                        .append(Integer.toHexString((address[i] & 0xff) << 8 | (address[i + 1] & 0xff)));
            }
        }
        return text.toString();
    }
}
