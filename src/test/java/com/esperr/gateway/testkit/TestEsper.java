package com.esperr.gateway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Esper's HTTP API on a loopback port: it reads calls strictly, records them, answers as scripted (allow by default) and fails on
 * demand in every way of {@link Fault}. Thread-safe.
 */
public final class TestEsper implements AutoCloseable {

    /** The key it takes. */
    public static final String API_KEY = "test-key-7f3a1c";

    static final String REDIRECTED = "/redirected";

    private final TestOrigin server;
    private final List<EsperCall> calls = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final AtomicInteger unauthorized = new AtomicInteger();
    private final AtomicInteger redirectsFollowed = new AtomicInteger();
    private volatile Function<JsonNode, EsperReply> decisions = json -> EsperReply.allow();
    private volatile Function<JsonNode, EsperReply> beacons = json ->
            EsperReply.json("{\"item_id\":\"item-1\",\"lookup_entity_id\":\"entity-1\",\"active_mitigation\":null}");
    private volatile Function<JsonNode, EsperReply> batches = this::eachEvent;
    private volatile Function<JsonNode, EsperReply> proofs = json -> EsperReply.json("{\"valid\":true}");
    private volatile Set<String> keys = Set.of(API_KEY);
    private volatile boolean flat;
    private volatile @Nullable Injection injection;
    private volatile CountDownLatch released = new CountDownLatch(1);

    private TestEsper() {
        server = TestOrigin.start(this::serve).on(REDIRECTED, exchange -> {
            redirectsFollowed.incrementAndGet();
            exchange.readBody().send(EsperReply.allow().wire());
        });
    }

    /** Starts on a free port of 127.0.0.1. */
    public static TestEsper start() {
        return new TestEsper();
    }

    public int port() {
        return server.port();
    }

    /** Scheme and authority, as {@code ESPER_API_URL} takes it. */
    public String url() {
        return server.url();
    }

    /** Scripts the answers to decision calls. */
    public TestEsper answer(Function<JsonNode, EsperReply> reply) {
        decisions = reply;
        return this;
    }

    /** Gives the same answer to every decision call. */
    public TestEsper answer(EsperReply reply) {
        return answer(json -> reply);
    }

    /** Scripts the answers to beacon events. */
    public TestEsper answerBeacon(Function<JsonNode, EsperReply> reply) {
        beacons = reply;
        return this;
    }

    /** Scripts the answers to several events at once; without this each is answered as it would be alone. */
    public TestEsper answerBatch(Function<JsonNode, EsperReply> reply) {
        batches = reply;
        return this;
    }

    /** Scripts the answers to proof verifications. */
    public TestEsper answerProof(Function<JsonNode, EsperReply> reply) {
        proofs = reply;
        return this;
    }

    /** Takes decision calls of the older, flat shape only, with the key as a bearer token. */
    public TestEsper takeLegacyFlat() {
        flat = true;
        return this;
    }

    /** Takes these keys from now on, and no others. */
    public TestEsper takeKeys(String... taken) {
        keys = Set.of(taken);
        return this;
    }

    /** Fails every call from now on. */
    public TestEsper inject(Fault fault) {
        return inject(fault, 0, Integer.MAX_VALUE);
    }

    /** Fails every call from now on, after {@code at} bytes of the reply where the fault has such a place. */
    public TestEsper inject(Fault fault, int at) {
        return inject(fault, at, Integer.MAX_VALUE);
    }

    /** Fails the next {@code times} calls only. */
    public TestEsper inject(Fault fault, int at, int times) {
        injection = new Injection(fault, at, new AtomicInteger(times));
        if (fault == Fault.REFUSED) {
            server.stop();
        } else {
            server.restart();
        }
        return this;
    }

    /** Lets the calls held by {@link Fault#SLOW} go on. */
    public TestEsper release() {
        released.countDown();
        return this;
    }

    /** Ends all faults: listens again, drops connections that are still held, answers as scripted. */
    public TestEsper heal() {
        boolean dropHeld = injection != null;
        injection = null;
        released.countDown();
        released = new CountDownLatch(1);
        if (dropHeld) {
            server.dropConnections();
        }
        server.restart();
        return this;
    }

    /** The length of a whole "allow" reply, for faults that cut or stall it at some byte. */
    public static int replyLength() {
        return EsperReply.allow().wire().length;
    }

    /** All calls in order of arrival, including the ones that were failed. */
    public List<EsperCall> calls() {
        return List.copyOf(calls);
    }

    /** The decision calls. */
    public List<EsperCall> decisionCalls() {
        return calls.stream()
                .filter(call -> call.path().equals(EsperContract.MITIGATION))
                .toList();
    }

    /** The beacon events. */
    public List<EsperCall> beaconCalls() {
        return calls.stream()
                .filter(call -> call.path().equals(EsperContract.BEACON))
                .toList();
    }

    /** The calls that brought several events. */
    public List<EsperCall> batchCalls() {
        return calls.stream()
                .filter(call -> call.path().equals(EsperContract.BATCH))
                .toList();
    }

    /** Everything a caller did that the contract does not allow; a wrong key is counted by {@link #unauthorized} instead. */
    public List<String> violations() {
        List<String> all = new ArrayList<>(server.violations());
        all.addAll(violations);
        return all;
    }

    /** Calls with a missing or wrong key. */
    public int unauthorized() {
        return unauthorized.get();
    }

    /** Requests that came because somebody followed {@link Fault#REDIRECT}. */
    public int redirectsFollowed() {
        return redirectsFollowed.get();
    }

    public int connectionsAccepted() {
        return server.connectionsAccepted();
    }

    public int connectionsOpen() {
        return server.connectionsOpen();
    }

    /** Forgets calls and violations. */
    public void forget() {
        calls.clear();
        violations.clear();
        server.forget();
    }

    @Override
    public void close() {
        released.countDown();
        server.close();
    }

    private void serve(OriginExchange exchange) throws IOException, InterruptedException {
        exchange.readBody();
        ReceivedRequest request = exchange.request();
        List<String> found = new ArrayList<>();
        String shown = String.join(",", request.headers().all("x-esper-api-key"));
        String key = keys.contains(shown) ? shown : keys.iterator().next();
        JsonNode json = EsperContract.parse(request, found);
        found.addAll(
                flat
                        ? LegacyFlatContract.violations(request, json, key)
                        : EsperContract.violations(request, json, key));
        calls.add(new EsperCall(request.path(), request, json));
        found.forEach(violation -> violations.add(request.path() + ": " + violation));
        boolean authorized = flat
                ? request.headers().all("authorization").equals(List.of("Bearer " + key))
                : request.headers().all("x-esper-api-key").equals(List.of(key));
        if (!authorized) {
            unauthorized.incrementAndGet();
        }
        Injection active = injection;
        if (active != null && active.left().getAndDecrement() > 0) {
            Faults.behaviour(active.fault(), active.at(), released).respond(exchange);
        } else if (!authorized) {
            exchange.send(EsperReply.status(401).wire());
        } else if (!found.isEmpty()) {
            exchange.send(new EsperReply(400, List.of(), "{\"error\":{\"code\":\"invalid\"}}")
                    .with("X-Violations: " + found.size())
                    .wire());
        } else {
            exchange.send(scripted(request.path()).apply(json).wire());
        }
    }

    private Function<JsonNode, EsperReply> scripted(String path) {
        return switch (path) {
            case EsperContract.BEACON -> beacons;
            case EsperContract.BATCH -> batches;
            case EsperContract.VERIFY -> proofs;
            default -> decisions;
        };
    }

    private EsperReply eachEvent(JsonNode json) {
        StringJoiner results = new StringJoiner(",", "{\"results\":[", "]}");
        for (JsonNode event : json.path("events")) {
            EsperReply reply = beacons.apply(event);
            results.add(
                    reply.status() < 400
                            ? reply.body()
                            : "{\"status\":" + reply.status() + ",\"error\":{\"code\":\"test\"}}");
        }
        return EsperReply.json(results.toString());
    }

    private record Injection(Fault fault, int at, AtomicInteger left) {}
}
