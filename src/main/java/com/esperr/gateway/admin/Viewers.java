package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Those who look at the dashboard, in bounded number; each is told the same. Thread-safe: they come and go on their event loops, and are
 * told from the admin thread. Whoever does not take what he is told misses some of it and is then let go of, so that for nobody
 * more waits than the connection's water mark and one message. Messages are plain arrays; each viewer's buffer wraps them.
 */
final class Viewers {
    static final int PATIENCE = 10;

    private static final byte[] SIGNED_OUT = event("end", "\"signed out\"");

    private final int most;
    private final Map<Channel, Viewer> present = new ConcurrentHashMap<>();

    private final LongAdder refused = new LongAdder();

    Viewers(int most) {
        this.most = most;
    }

    /** Whether somebody else may look. */
    boolean hasRoom() {
        return present.size() < most;
    }

    boolean isEmpty() {
        return present.isEmpty();
    }

    /** There was no room for one more. */
    void refuse() {
        refused.increment();
    }

    Fill fill() {
        return Fill.of(Bounded.DASHBOARD_VIEWERS, present::size, most, refused::sum);
    }

    int size() {
        return present.size();
    }

    /** From now on {@code channel} is told; false, and nothing happens, if too many are. */
    boolean join(Channel channel, Caller caller) {
        synchronized (this) {
            if (!hasRoom()) {
                refused.increment();
                return false;
            }
            present.put(channel, new Viewer(caller));
        }
        channel.closeFuture().addListener(closed -> present.remove(channel));
        return true;
    }

    /**
     * Tells everybody how things are now; those whom {@code gate} lets in no more are told so and let go.
     *
     * @param now changes all the time
     * @param tables is told to those who do not know it: everybody if it is {@code fresh}, and whoever missed it when it was
     */
    void tell(byte[] now, byte[] tables, boolean fresh, Gate gate) {
        present.forEach((channel, viewer) -> {
            viewer.behind |= fresh;
            if (!gate.admits(viewer.caller)) {
                present.remove(channel);
                channel.writeAndFlush(content(SIGNED_OUT)).addListener(written -> channel.close());
            } else if (channel.isWritable()) {
                viewer.missed = 0;
                channel.writeAndFlush(viewer.behind ? content(now, tables) : content(now));
                viewer.behind = false;
            } else if (++viewer.missed >= PATIENCE) {
                present.remove(channel);
                channel.close();
            }
        });
    }

    private static DefaultHttpContent content(byte[]... messages) {
        ByteBuf bytes = Unpooled.wrappedBuffer(messages);
        return new DefaultHttpContent(bytes);
    }

    /** One message of that kind; {@code data} is JSON on one line. */
    static byte[] event(String kind, String data) {
        return ("event: " + kind + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Touched by the admin thread only. */
    private static final class Viewer {
        private final Caller caller;
        private int missed;
        /** Whether he may not know the tables: what he was given first may be old by the time he joins. */
        private boolean behind = true;

        Viewer(Caller caller) {
            this.caller = caller;
        }
    }
}
