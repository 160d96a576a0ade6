package com.esperr.gateway.proxy;

import com.esperr.gateway.upstream.RequestOutput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange has become when the protocol was changed: bytes both ways until one side ends, nothing is said for too long,
 * or the gateway stops. A WebSocket is then told so by a Close frame (RFC 6455 section 7.4.1: 1001, going away), between two
 * frames of its own, so that a client connects again, elsewhere, instead of finding its connection broken. Confined to the event
 * loop of its exchange.
 */
final class Tunnel {
    /** How long a client may take to answer a Close frame. */
    private static final long ANSWER_NANOS = 2_000_000_000L;

    private final UpgradeConfig config;
    private final long halfCloseNanos;
    private final Stall silence = new Stall();
    private final Stall rest = new Stall();
    private final @Nullable Way toClient;
    private final @Nullable Way toOrigin;

    private boolean stopping;
    private long goodbyeAt;
    private boolean goodbye;
    private boolean idle;
    private boolean inputClosed;

    /**
     * For {@code webSocket}s, or for something whose messages are not known here; the origin may go on in silence for {@code
     * halfCloseNanos} once the client sends no more.
     */
    Tunnel(boolean webSocket, UpgradeConfig config, long halfCloseNanos) {
        this.config = config;
        this.halfCloseNanos = halfCloseNanos;
        this.toClient = webSocket ? new Way(false) : null;
        this.toOrigin = webSocket ? new Way(true) : null;
    }

    /** What of {@code data}, which is taken, goes on to the client; the caller owns it. */
    ByteBuf toClient(ByteBuf data) {
        return toClient == null ? data : toClient.pass(data);
    }

    /** What of {@code data}, which is taken, goes on to the origin; the caller owns it. */
    ByteBuf toOrigin(ByteBuf data) {
        return toOrigin == null ? data : toOrigin.pass(data);
    }

    /** The client sends no more. */
    void inputClosed() {
        inputClosed = true;
    }

    /** Whether it ended because nobody said anything. */
    boolean idle() {
        return idle;
    }

    /**
     * Looks at the time limits; true if it is to be ended now.
     *
     * @param moved a number that grows with every byte either way
     * @param draining whether the gateway is on its way out
     */
    boolean over(ResponseOutput client, RequestOutput origin, long moved, boolean draining, long now) {
        if (inputClosed && rest.longerThan(halfCloseNanos, moved, now)) {
            return true;
        }
        if (goodbye) {
            return answered() || now - goodbyeAt >= ANSWER_NANOS;
        }
        idle = silence.longerThan(config.idleTimeout().toNanos(), moved, now);
        if (toClient == null || toOrigin == null) {
            return idle;
        }
        if (idle || (draining && itsTurn(now))) {
            goodbye = true;
            goodbyeAt = now;
            client.data(toClient.leave());
            client.flush();
            origin.data(toOrigin.leave());
            origin.flush();
        }
        return false;
    }

    private boolean itsTurn(long now) {
        if (!stopping) {
            stopping = true;
            // Not all at once: those who are told connect again.
            long spread = config.goodbyeSpread().toNanos();
            goodbyeAt = now + (spread == 0 ? 0 : ThreadLocalRandom.current().nextLong(spread));
        }
        return now - goodbyeAt >= 0;
    }

    private boolean answered() {
        return toClient != null && toOrigin != null && toClient.said && toOrigin.frames.closes();
    }

    /** One direction of a WebSocket. */
    private static final class Way {
        private final WebSocketFrames frames = new WebSocketFrames();
        private final boolean masked;
        private boolean leaving;
        private boolean said;

        Way(boolean masked) {
            this.masked = masked;
        }

        ByteBuf pass(ByteBuf data) {
            if (said) {
                frames.pass(data, false);
                data.release();
                return Unpooled.EMPTY_BUFFER;
            }
            int before = frames.pass(data, leaving);
            if (!leaving || !frames.between()) {
                return data;
            }
            ByteBuf last = data.alloc().ioBuffer(before + 8).writeBytes(data, before);
            data.release();
            return last(last);
        }

        /** What is said at once, which is nothing inside a frame: then its end is waited for. */
        ByteBuf leave() {
            leaving = true;
            return frames.between() && !said ? last(Unpooled.buffer(8)) : Unpooled.EMPTY_BUFFER;
        }

        /** Appends the Close frame, unless the peer said its own. */
        private ByteBuf last(ByteBuf out) {
            said = true;
            if (frames.closes()) {
                return out;
            }
            int status = 1001;
            if (masked) {
                int mask = ThreadLocalRandom.current().nextInt();
                out.writeShort(0x8882).writeInt(mask).writeShort(status ^ mask >>> 16);
            } else {
                out.writeShort(0x8802).writeShort(status);
            }
            return out;
        }
    }
}
