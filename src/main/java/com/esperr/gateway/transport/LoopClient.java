package com.esperr.gateway.transport;

import com.esperr.gateway.http1.ResponseDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections and calls of {@link HttpClient} on one event loop; confined to that loop. The most recently used
 * connection is taken first, so that the others grow old and are closed when the load falls.
 */
final class LoopClient implements ClientConnector.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(HttpClient.class);

    private final EventLoop loop;
    private final HttpClientConfig config;
    private final ClientConnector connector;
    private final LongSupplier nanos;
    private final ClientGauges gauges;
    private final ExpiryQueue expiries;
    private final Set<ClientConnection> open = new HashSet<>();
    private final ArrayDeque<ClientConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<PendingCall> waiting = new ArrayDeque<>();
    private int connecting;
    private boolean idleTimerArmed;
    private boolean retired;
    private boolean closed;

    LoopClient(
            EventLoop loop,
            HttpClientConfig config,
            ClientConnector connector,
            LongSupplier nanos,
            ClientGauges gauges,
            boolean retired) {
        this.loop = loop;
        this.config = config;
        this.connector = connector;
        this.nanos = nanos;
        this.gauges = gauges;
        this.retired = retired;
        this.expiries = new ExpiryQueue(loop, nanos, this::expired);
    }

    @Nullable
    CallHandle call(PreparedCall prepared, BodyWriter body, long deadline, HttpCallback callback) {
        assert loop.inEventLoop();
        ClientConnection connection = takeIdle();
        if (connection == null && full()) {
            gauges.refused.increment();
            callback.failed(new CallFailure(
                    CallFailure.Kind.OVERLOAD, "all " + config.maxConnections() + " connections are busy"));
            return null;
        }
        PendingCall call = new PendingCall(this, prepared, body, deadline, callback);
        expiries.add(call);
        gauges.calls.increment();
        if (connection != null) {
            start(connection, call);
        } else {
            waiting.addLast(call);
            connectAsNeeded();
        }
        return call.done() ? null : call;
    }

    /** The connection has nothing to do. */
    void released(ClientConnection connection) {
        PendingCall next = waiting.pollFirst();
        if (next != null) {
            start(connection, next);
            return;
        }
        if (retired) {
            connection.discard();
            return;
        }
        connection.idleSince(nanos.getAsLong());
        idle.addLast(connection);
        gauges.idle.increment();
        armIdleTimer();
    }

    /** The connection is no more; called once for each that was established. */
    void closed(ClientConnection connection) {
        if (!open.remove(connection)) {
            return;
        }
        gauges.open.decrement();
        if (idle.remove(connection)) {
            gauges.idle.decrement();
        }
        connectAsNeeded();
    }

    /** The call has its outcome; called once for each. */
    void finished(PendingCall call) {
        expiries.remove(call);
        gauges.calls.decrement();
    }

    /** The call was given up and nobody wants to know its outcome. */
    void abandoned(PendingCall call) {
        ClientConnection connection = call.connection;
        if (connection == null) {
            waiting.remove(call);
        } else {
            // The rest of the answer may still arrive and must not be taken for the next one.
            connection.discard();
        }
    }

    /** Keeps no connection that has nothing to do. */
    void retire() {
        retired = true;
        for (ClientConnection c = takeIdle(); c != null; c = takeIdle()) {
            c.discard();
        }
    }

    void close() {
        closed = true;
        for (PendingCall call = waiting.pollFirst(); call != null; call = waiting.pollFirst()) {
            call.failed(new CallFailure(CallFailure.Kind.OVERLOAD, "the client is closed"));
        }
        List.copyOf(open).forEach(connection -> connection.fail(CallFailure.Kind.CLOSED, "the client is closed"));
    }

    private ClientConnection connection(Channel channel, ResponseDecoder decoder) {
        return new ClientConnection(channel, decoder, this, config.maxResponseBytes());
    }

    @Override
    public void connected(Channel channel) {
        connecting--;
        ClientConnection connection = channel.pipeline().get(ClientConnection.class);
        if (closed) {
            connection.discard();
            return;
        }
        open.add(connection);
        gauges.open.increment();
        released(connection);
    }

    @Override
    public void refused(String detail) {
        connecting--;
        // One attempt, one call: the others have attempts of their own or wait for a connection that works.
        PendingCall call = waiting.pollFirst();
        if (call != null) {
            call.failed(new CallFailure(CallFailure.Kind.CONNECT, detail));
        }
        connectAsNeeded();
    }

    private boolean full() {
        boolean mayConnect = open.size() + connecting < config.maxConnections();
        return closed || (!mayConnect && waiting.size() - connecting >= config.maxWaiting());
    }

    private void connectAsNeeded() {
        while (!closed && connecting < waiting.size() && open.size() + connecting < config.maxConnections()) {
            connecting++;
            connector.connect(loop, this::connection, this);
        }
    }

    private void start(ClientConnection connection, PendingCall call) {
        ByteBuf request;
        try {
            request = call.prepared.write(connection.allocator(), call.body);
        } catch (IOException | RuntimeException | Error e) {
            // An error as well: the connection would be lost to this client for ever.
            LOG.error("the body of a call could not be written", e);
            released(connection);
            call.failed(new CallFailure(CallFailure.Kind.DEFECT, e.toString()));
            return;
        }
        call.connection = connection;
        connection.begin(call, request);
    }

    /**
     * Ends calls whose time is over: everybody is told before any connection is closed, as a service that has become slow
     * lets many calls expire together, and closing and replacing their connections takes longer than telling them.
     */
    private void expired(List<PendingCall> due) {
        // First out of the queue, so that no connection is made for a call that is over.
        waiting.removeAll(new HashSet<>(due));
        for (PendingCall call : due) {
            String stage = call.connection == null ? "waiting for a connection" : "waiting for the answer";
            call.failed(new CallFailure(CallFailure.Kind.TIMEOUT, stage));
        }
        for (PendingCall call : due) {
            if (call.connection != null) {
                call.connection.discard();
            }
        }
    }

    private @Nullable ClientConnection takeIdle() {
        for (ClientConnection c = idle.pollLast(); c != null; c = idle.pollLast()) {
            gauges.idle.decrement();
            if (c.usable()) {
                return c;
            }
            c.discard();
        }
        return null;
    }

    private void armIdleTimer() {
        ClientConnection oldest = idle.peekFirst();
        if (idleTimerArmed || oldest == null || loop.isShuttingDown()) {
            return;
        }
        idleTimerArmed = true;
        long left = oldest.idleSince() + config.idleTimeout().toNanos() - nanos.getAsLong();
        var unused = loop.schedule(this::closeAged, Math.max(1_000_000, left), TimeUnit.NANOSECONDS);
    }

    private void closeAged() {
        idleTimerArmed = false;
        long limit = nanos.getAsLong() - config.idleTimeout().toNanos();
        for (ClientConnection c = idle.peekFirst(); c != null && c.idleSince() - limit <= 0; c = idle.peekFirst()) {
            idle.pollFirst();
            gauges.idle.decrement();
            c.discard();
        }
        armIdleTimer();
    }
}
