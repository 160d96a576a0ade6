package com.esperr.gateway.authz;

import static com.esperr.gateway.authz.EnvoyMessages.field;
import static com.esperr.gateway.authz.EnvoyMessages.has;
import static com.esperr.gateway.authz.EnvoyMessages.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.TestGateway;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asks as Envoy's filter does over gRPC: a client of grpc-java, with messages of protobuf's own library. */
class EnvoyGrpcIT {
    private final AuthzScene scene = AuthzScene.without("envoy");
    private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", scene.asked())
            .overrideAuthority("esper-cluster")
            .usePlaintext()
            .build();

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(30, TimeUnit.SECONDS);
        scene.close();
    }

    @Test
    void whoIsAllowedPassesWithTheReference() {
        DynamicMessage answer = check("GET", "/basket?a=1", Map.of("user-agent", "Firefox"));
        assertThat(field(answer, "status.code")).isEqualTo(0);
        assertThat(has(answer, "denied")).isFalse();
        Map<String, String> headers = headers(field(answer, "ok.headers"));
        assertThat(headers.get("Esper-Reference")).matches("[0-9A-Z]{10}");
        assertThat(headers.get("Esper-Decision")).isEqualTo("allow");
        EsperCall call = scene.esper.decisionCalls().get(0);
        assertThat(call.text("/request/client_ip")).isEqualTo("198.51.100.23");
        assertThat(call.text("/request/method")).isEqualTo("GET");
        assertThat(call.text("/return_url")).isEqualTo("https://shop.test/basket?a=1");
        assertThat(scene.gateway.metrics().sum("esper_failures_total")).isZero();
    }

    @Test
    void whoIsBlockedGetsThePage() {
        DynamicMessage answer =
                check("GET", "/", Map.of("user-agent", "badbot", "accept", "text/html", "accept-encoding", "gzip"));
        assertThat(field(answer, "status.code")).isEqualTo(7);
        assertThat(field(answer, "denied.status.code")).isEqualTo(403);
        Map<String, String> headers = headers(field(answer, "denied.headers"));
        assertThat(headers).containsEntry("Esper-Mitigated", "block").doesNotContainKey("Content-Length");
        // A message holds text, so that it is never compressed.
        assertThat(headers).doesNotContainKey("Content-Encoding");
        assertThat((String) field(answer, "denied.body")).contains("<html", headers.get("Esper-Reference"));
    }

    @Test
    void whoIsChallengedIsRedirectedAndComesBackForAPass() {
        DynamicMessage first = check("GET", "/challenged", Map.of("accept", "text/html"));
        assertThat(field(first, "denied.status.code")).isEqualTo(302);
        assertThat(headers(field(first, "denied.headers")).get("Location")).startsWith(AuthzScene.CHALLENGE);
        DynamicMessage back = check("GET", "/challenged?esper_challenge_proof=good-1", Map.of("accept", "text/html"));
        assertThat(field(back, "denied.status.code")).isEqualTo(302);
        String cookie = headers(field(back, "denied.headers")).get("Set-Cookie");
        assertThat(cookie).startsWith("__Host-esper_challenge_");
        String pass = cookie.substring(0, cookie.indexOf(';'));
        DynamicMessage page = check("GET", "/challenged", Map.of("accept", "text/html", "cookie", "a=1; " + pass));
        assertThat(field(page, "status.code")).isEqualTo(0);
        // Behind Envoy as behind us nobody sees the pass.
        assertThat(headers(field(page, "ok.headers"))).containsEntry("cookie", "a=1");
        DynamicMessage alone = check("GET", "/challenged", Map.of("accept", "text/html", "cookie", pass));
        assertThat((List<?>) field(alone, "ok.headers_to_remove")).asString().contains("cookie");
    }

    @Test
    void headersMayComeAsBytes() {
        DynamicMessage header =
                of("Header", Map.of("key", "user-agent", "raw_value", ByteString.copyFromUtf8("badbot")));
        DynamicMessage map = of("HeaderMap", Map.of("headers", List.of(header)));
        Map<String, Object> http = http("GET", "/");
        http.put("header_map", map);
        DynamicMessage answer =
                EnvoyMessages.response(call(request(http, "198.51.100.23").toByteArray()));
        assertThat(field(answer, "denied.status.code")).isEqualTo(403);
    }

    @Test
    void theAddressIsTheOneEnvoyWorkedOut() {
        Map<String, Object> http = http("GET", "/");
        http.put("headers", List.of(of("Pair", Map.of("key", "x-forwarded-for", "value", "192.0.2.7"))));
        call(request(http, "2001:db8::7").toByteArray());
        assertThat(scene.esper.decisionCalls().get(0).text("/request/client_ip"))
                .isEqualTo("2001:db8::7");
    }

    @Test
    void withoutEsperTheFailureTableDecides() {
        scene.esper.inject(Fault.REFUSED);
        DynamicMessage open = check("GET", "/basket", Map.of());
        assertThat(headers(field(open, "ok.headers")))
                .containsEntry("Esper-Decision", "fail-open; reason=decision_connect");
        assertThat(field(check("GET", "/account", Map.of()), "denied.status.code"))
                .isEqualTo(403);
    }

    @Test
    void duringMaintenanceVisitorsAreToldToComeBack() {
        scene.maintain();
        DynamicMessage answer = check("GET", "/", Map.of("user-agent", "Firefox", "accept", "text/html"));
        assertThat(field(answer, "status.code")).isEqualTo(7);
        assertThat(field(answer, "denied.status.code")).isEqualTo(503);
        assertThat(headers(field(answer, "denied.headers"))).containsEntry("Retry-After", "60");
        assertThat((String) field(answer, "denied.body")).contains("<html");
        assertThat(scene.esper.decisionCalls()).isEmpty();
    }

    @Test
    void whatIsNoRequestIsAFailedCall() {
        for (byte[] message : List.of(
                new byte[0],
                new byte[] {1, 2, 3, 4},
                request(http("GET", "/"), "nowhere").toByteArray())) {
            Status status = catchThrowableOfType(StatusRuntimeException.class, () -> call(message))
                    .getStatus();
            assertThat(status.isOk()).isFalse();
        }
        assertThat(scene.esper.decisionCalls()).isEmpty();
    }

    @Test
    void aVisitorCannotMakeTheCallFailThatWouldLetHimPass() {
        String cookies = "a=1; ".repeat(2000) + "b=2";
        for (DynamicMessage answer : List.of(
                check("GET", "/a%2fb/%2e%2e/challenged", Map.of()),
                check("GET", "/\u2603", Map.of()),
                check("GET", "no path", Map.of()),
                check("GET", "/a b", Map.of()),
                check("G T", "/", Map.of()),
                check("TRACE", "/", Map.of()),
                check("GET", "/?" + "a&".repeat(3000), Map.of()),
                check("GET", "/", Map.of("cookie", cookies)),
                check("GET", "/", Map.of("x-large", "x".repeat(100_000))))) {
            assertThat(field(answer, "status.code")).isEqualTo(7);
            assertThat((int) field(answer, "denied.status.code")).isBetween(400, 499);
            assertThat(headers(field(answer, "denied.headers")).get("Esper-Reference"))
                    .matches("[0-9A-Z]{10}");
        }
        assertThat(scene.esper.decisionCalls()).isEmpty();
    }

    @Test
    void whoIsNoProxyOfOursIsRefused() throws InterruptedException {
        try (TestGateway stranger =
                TestGateway.start("listen.authz.profile = envoy\nclient.trusted-proxies = [\"192.0.2.1\"]", Map.of())) {
            ManagedChannel other = NettyChannelBuilder.forAddress("127.0.0.1", stranger.port())
                    .usePlaintext()
                    .build();
            try {
                byte[] message = request(http("GET", "/"), "198.51.100.23").toByteArray();
                assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> call(other, message)))
                        .isNotNull();
            } finally {
                other.shutdownNow();
                other.awaitTermination(30, TimeUnit.SECONDS);
            }
            assertThat(stranger.metrics().sum("esper_failures_total", "reason=untrusted_proxy"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aMessageThatIsTooLongIsRefused() {
        byte[] message = new byte[4 << 20];
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> call(message)))
                .isNotNull();
        assertThat(field(check("GET", "/", Map.of()), "status.code")).isEqualTo(0);
    }

    private DynamicMessage check(String method, String path, Map<String, String> headers) {
        Map<String, Object> http = http(method, path);
        List<DynamicMessage> pairs = new ArrayList<>();
        pairs.add(of("Pair", Map.of("key", ":authority", "value", "shop.test")));
        pairs.add(of("Pair", Map.of("key", ":path", "value", path)));
        headers.forEach((name, value) -> pairs.add(of("Pair", Map.of("key", name, "value", value))));
        http.put("headers", pairs);
        return EnvoyMessages.response(call(request(http, "198.51.100.23").toByteArray()));
    }

    private static Map<String, Object> http(String method, String path) {
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("id", "1");
        http.put("method", method);
        http.put("path", path);
        http.put("host", "shop.test");
        http.put("scheme", "https");
        http.put("size", -1L);
        http.put("protocol", "HTTP/1.1");
        return http;
    }

    private static DynamicMessage request(Map<String, Object> http, String source) {
        DynamicMessage socket = of("SocketAddress", Map.of("address", source, "port_value", 4711));
        DynamicMessage peer = of("Peer", Map.of("address", of("Address", Map.of("socket_address", socket))));
        DynamicMessage time = of("Time", Map.of("seconds", 1_700_000_000L, "nanos", 5));
        DynamicMessage request = of("Request", Map.of("time", time, "http", of("Http", http)));
        return of(
                "CheckRequest",
                Map.of(
                        "attributes",
                        of("Attributes", Map.of("source", peer, "destination", peer, "request", request))));
    }

    private static Map<String, String> headers(Object options) {
        Map<String, String> headers = new TreeMap<>();
        for (Object option : (List<?>) options) {
            DynamicMessage header = (DynamicMessage) field((DynamicMessage) option, "header");
            headers.put((String) field(header, "key"), (String) field(header, "value"));
        }
        return headers;
    }

    private byte[] call(byte[] message) {
        return call(channel, message);
    }

    private static byte[] call(ManagedChannel channel, byte[] message) {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(new Raw(), new Raw())
                .setFullMethodName("envoy.service.auth.v3.Authorization/Check")
                .setType(MethodDescriptor.MethodType.UNARY)
                .build();
        return ClientCalls.blockingUnaryCall(
                channel, method, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), message);
    }

    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
