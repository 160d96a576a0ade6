package com.esperr.gateway.proxy;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.FieldTokens;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Which requests may become tunnels, and how many did. Thread-safe. */
public final class Upgrades {
    /** RFC 6455. */
    static final String WEBSOCKET = "websocket";

    private final UpgradeConfig config;
    private final long halfCloseNanos;
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder idle = new LongAdder();

    /** Once the client of a tunnel sends no more, its origin may be silent for {@code halfClose}. */
    Upgrades(UpgradeConfig config, Duration halfClose) {
        this.config = config;
        this.halfCloseNanos = halfClose.toNanos();
    }

    /**
     * The protocol that {@code head} asks to change to, in lower case, or null if it asks for none that is allowed. What is not
     * allowed is not an error: a server may ignore Upgrade (RFC 9110 section 7.8), and the origin does not see it.
     */
    @Nullable
    String wanted(RequestHead head) {
        if (!head.fields().contains(FieldName.UPGRADE)
                || head.version() == HttpVersion.HTTP_1_0
                || head.hasBody()
                || !head.method().equals("GET")
                || !FieldTokens.listContains(head.fields(), FieldName.CONNECTION, "upgrade")) {
            return null;
        }
        for (String offered : FieldTokens.list(head.fields(), FieldName.UPGRADE)) {
            String protocol = offered.toLowerCase(Locale.ROOT);
            if (config.protocols().contains(protocol)) {
                return protocol;
            }
        }
        return null;
    }

    /** Whether {@code head} changes to {@code protocol} and nothing else. */
    static boolean agrees(ResponseHead head, @Nullable String protocol) {
        return protocol != null
                && FieldTokens.list(head.fields(), FieldName.UPGRADE).size() == 1
                && FieldTokens.listContains(head.fields(), FieldName.UPGRADE, protocol);
    }

    Tunnel open(String protocol) {
        opened.increment();
        return new Tunnel(protocol.equals(WEBSOCKET), config, halfCloseNanos);
    }

    void closed(boolean wasIdle) {
        closed.increment();
        if (wasIdle) {
            idle.increment();
        }
    }

    /** Connections that changed to another protocol since the start. */
    public long opened() {
        return opened.sum();
    }

    /** Those that are open now. */
    public long open() {
        return opened.sum() - closed.sum();
    }

    /** Those that were closed because nobody said anything for too long. */
    public long idle() {
        return idle.sum();
    }
}
