package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TlsOrigin;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code origin.http2} behind {@code https}: what is spoken is what the origin agrees to. */
class Http2TlsOriginIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: gw.test\r\n\r\n";

    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();
    private final X509Bundle identity = Certificates.issued(authority, "localhost");

    @Test
    void anOriginThatAgreesToHttp2IsSpokenToSo() throws Exception {
        var method = GrpcIT.method("Echo", MethodType.UNARY);
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .sslContext(GrpcSslContexts.forServer(
                                Certificates.chain(identity, directory.resolve("chain.pem"))
                                        .toFile(),
                                Certificates.key(identity, directory.resolve("key.pem"))
                                        .toFile())
                        .build())
                .addService(ServerServiceDefinition.builder("shop.Orders")
                        .addMethod(method, ServerCalls.asyncUnaryCall((request, answer) -> {
                            answer.onNext(request);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        try (Scene scene = scene(server.getPort())) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", scene.gateway.port())
                    .overrideAuthority("gw.test")
                    .usePlaintext()
                    .build();
            byte[] answer = ClientCalls.blockingUnaryCall(
                    channel, method, CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(30)), new byte[] {1, 2, 3
                    });
            assertThat(answer).containsExactly(1, 2, 3);
            channel.shutdownNow();
            assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.shutdownNow();
            server.awaitTermination(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void anOriginThatDoesNotIsSpokenToInHttp1OnTheSameConnection() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(identity);
                OpenFront front = new OpenFront(keys(origin.port()), Clock.SYSTEM);
                RawClient client = front.client()) {
            assertThat(client.send(GET).readResponse().bodyText()).isEqualTo("ok");
            assertThat(client.send(GET).readResponse().bodyText()).isEqualTo("ok");
            assertThat(origin.connectionsAccepted()).isEqualTo(1);
        }
    }

    private Scene scene(int port) {
        return Scene.with(keys(port).entrySet().stream()
                .flatMap(key -> Stream.of(key.getKey(), key.getValue()))
                .toArray(String[]::new));
    }

    private Map<String, String> keys(int port) {
        Path root = Certificates.root(authority, directory.resolve("ca.pem"));
        return Map.of(
                "origin.url", "https://localhost:" + port, "origin.http2", "on", "origin.tls.ca-file", root.toString());
    }
}
