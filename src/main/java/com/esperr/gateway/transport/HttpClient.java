package com.esperr.gateway.transport;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.http.Fields;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client for small, bounded HTTP/1.1 calls to one service, such as a question that a visitor is waiting for. Thread-safe;
 * each event loop has connections of its own, and a call runs from start to end on the loop that makes it.
 *
 * <p>Redirects are not followed and no content coding is offered. A connection is used for one call at a time and again
 * only after a complete, well-formed answer. A connection attempt outlives the call it was begun for, so that a service
 * farther away than one call's budget is reached by the next one.
 */
public final class HttpClient implements AutoCloseable {
    private final HttpClientConfig config;
    private final ClientGauges gauges = new ClientGauges();
    private final LoopLocal<LoopClient> clients;
    private final int loopCount;
    private volatile boolean retired;

    /**
     * A client on {@code loops}, reading time from {@code nanos}.
     *
     * @throws IllegalArgumentException if the CA file cannot be used
     */
    public HttpClient(HttpClientConfig config, EventLoops loops, LongSupplier nanos) {
        this.config = config;
        this.loopCount = loops.size();
        ClientTls tls = config.tls()
                ? ClientTls.to(config.url(), TlsPeer.trusting(config.caFile()), config.handshakeTimeout())
                : null;
        ClientConnector connector = new ClientConnector(config, loops, tls);
        this.clients = new LoopLocal<>(loop -> new LoopClient(loop, config, connector, nanos, gauges, retired));
    }

    /** The part of a call that stays the same: {@code fields} without Host and Content-Length, which are added. */
    public PreparedCall prepare(String method, String target, Fields fields) {
        return PreparedCall.of(method, target, config.url().hostHeader(), fields);
    }

    /**
     * Makes a call from the current event loop.
     *
     * @param deadline on the client's clock
     * @return how to give it up, or null if {@code callback} has been called already
     */
    public @Nullable CallHandle call(PreparedCall prepared, BodyWriter body, long deadline, HttpCallback callback) {
        return clients.get().call(prepared, body, deadline, callback);
    }

    /** Connections that are established. */
    public long connectionsOpen() {
        return gauges.open.sum();
    }

    /** Connections that are established and unused. */
    public long connectionsIdle() {
        return gauges.idle.sum();
    }

    /** Calls that wait for a connection or an answer. */
    public long callsInFlight() {
        return gauges.calls.sum();
    }

    /**
     * Keeps no connection any more: each is closed as soon as it has nothing to do. Calls under way end as they would have, and calls by
     * those who know of no other client yet are still made.
     */
    public void retire() {
        retired = true;
        clients.forget(LoopClient::retire);
    }

    /** How many calls there are of those that there may be on all event loops together, as what {@code what} says. */
    public Fill fill(Bounded what) {
        long most = ((long) config.maxConnections() + config.maxWaiting()) * loopCount;
        return Fill.of(what, this::callsInFlight, most, gauges.refused::sum);
    }

    /** Fails the calls under way and closes every connection, soon after this returns. */
    @Override
    public void close() {
        clients.forEach(LoopClient::close);
    }
}
