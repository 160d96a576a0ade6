package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http.WebSocketKey;
import com.esperr.gateway.http1.FieldTokens;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Which requests may become tunnels, and how many did. Thread-safe. */
public final class Upgrades {
    /** RFC 6455. */
    static final String WEBSOCKET = "websocket";

    private final UpgradeConfig config;
    private final long halfCloseNanos;
    private final LongAdder opened;
    private final LongAdder closed;
    private final LongAdder idle;

    /** Once the client of a tunnel sends no more, its origin may be silent for {@code halfClose}. */
    Upgrades(UpgradeConfig config, Duration halfClose) {
        this(config, halfClose, new LongAdder(), new LongAdder(), new LongAdder());
    }

    private Upgrades(UpgradeConfig config, Duration halfClose, LongAdder opened, LongAdder closed, LongAdder idle) {
        this.config = config;
        this.halfCloseNanos = halfClose.toNanos();
        this.opened = opened;
        this.closed = closed;
        this.idle = idle;
    }

    /** Counted together with these, those that others may become. */
    Upgrades with(UpgradeConfig other, Duration halfClose) {
        return new Upgrades(other, halfClose, opened, closed, idle);
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
            if (config.protocols().contains(protocol) && (!protocol.equals(WEBSOCKET) || questions(head))) {
                return protocol;
            }
        }
        return null;
    }

    /** Whether {@code head} asks the one question that a WebSocket's server has to answer: without it nothing tells one from a page. */
    private static boolean questions(RequestHead head) {
        List<String> keys = head.fields().all(WebSocketKey.FIELD);
        return keys.size() == 1 && !keys.get(0).isEmpty();
    }

    /** Whether visitors may ask for WebSockets, and those of HTTP/2 are told so. */
    boolean webSockets() {
        return config.protocols().contains(WEBSOCKET);
    }

    /**
     * Whether {@code head} is to {@code asked} what it cannot be: a success that changes no protocol, and would open a WebSocket
     * over HTTP/2 all the same (RFC 8441 section 5).
     */
    static boolean misleads(RequestHead asked, ResponseHead head) {
        return overHttp2(asked) && head.status() >= 200 && head.status() < 300;
    }

    /** Only we ask so there: HTTP/2 forbids the field itself. */
    private static boolean overHttp2(RequestHead asked) {
        return asked.version() == HttpVersion.HTTP_2 && asked.fields().contains(FieldName.UPGRADE);
    }

    /** Whose fault an answer is that does not agree: that a page is no WebSocket is not the origin's. */
    static FailureReason fault(ResponseHead head) {
        return head.switchesProtocols() ? FailureReason.ORIGIN_MALFORMED : FailureReason.UNSUPPORTED_METHOD;
    }

    /** Whether {@code head} is the answer to the question that was asked, where one was: over HTTP/2 it is ours, and nobody else looks. */
    private static boolean proves(RequestHead asked, ResponseHead head, String protocol) {
        if (!protocol.equals(WEBSOCKET) && !overHttp2(asked)) {
            return true;
        }
        String key = asked.fields().get(WebSocketKey.FIELD);
        return key != null && head.fields().all(WebSocketKey.ANSWER).equals(List.of(WebSocketKey.answer(key)));
    }

    /** Whether {@code head} changes to {@code protocol}, as it was {@code asked}, and nothing else. */
    static boolean agrees(RequestHead asked, ResponseHead head, @Nullable String protocol) {
        return protocol != null
                && head.switchesProtocols()
                && proves(asked, head, protocol)
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
