package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client and a server of gRPC, both grpc-java's, with the gateway between them. */
class GrpcIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Metadata.Key<String> NOTE = Metadata.Key.of("note", Metadata.ASCII_STRING_MARSHALLER);

    private final AtomicInteger cancelled = new AtomicInteger();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Set<String> peers = ConcurrentHashMap.newKeySet();
    private final Server server = serve();
    private final Scene scene = Scene.with("origin.url", "http://127.0.0.1:" + server.getPort(), "origin.http2", "on");
    private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", scene.gateway.port())
            .overrideAuthority("gw.test")
            .usePlaintext()
            .maxInboundMessageSize(16 << 20)
            .build();

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(30, TimeUnit.SECONDS);
        scene.close();
        server.shutdownNow();
        server.awaitTermination(30, TimeUnit.SECONDS);
    }

    @Test
    void aUnaryCallIsAnswered() {
        assertThat(unary("Echo", "hello")).isEqualTo("hello");
    }

    @Test
    void aMessageOfFourMebibytesComesBackWhole() {
        byte[] message = new byte[4 << 20];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) (i * 31 >> 3);
        }
        byte[] answer = ClientCalls.blockingUnaryCall(channel, method("Echo", MethodType.UNARY), options(), message);
        assertThat(Arrays.equals(answer, message)).isTrue();
    }

    @Test
    void aServerStreams() {
        Iterator<byte[]> answers = ClientCalls.blockingServerStreamingCall(
                channel, method("Count", MethodType.SERVER_STREAMING), options(), bytes("1000"));
        int next = 0;
        while (answers.hasNext()) {
            assertThat(text(answers.next())).isEqualTo(Integer.toString(next));
            next++;
        }
        assertThat(next).isEqualTo(1000);
    }

    @Test
    void aClientStreams() throws Exception {
        Collected answers = new Collected();
        StreamObserver<byte[]> request = ClientCalls.asyncClientStreamingCall(
                channel.newCall(method("Join", MethodType.CLIENT_STREAMING), options()), answers);
        request.onNext(bytes("a"));
        request.onNext(bytes("b"));
        request.onNext(bytes("c"));
        request.onCompleted();
        assertThat(answers.ended()).isEqualTo(Status.Code.OK);
        assertThat(answers.texts).containsExactly("abc");
    }

    @Test
    void bothSidesStreamInTurns() throws Exception {
        Collected answers = new Collected();
        StreamObserver<byte[]> request = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(method("Talk", MethodType.BIDI_STREAMING), options()), answers);
        for (int i = 1; i <= 20; i++) {
            int said = i;
            request.onNext(bytes("m" + i));
            // Each answer before the next message: nothing on the way waits for more.
            await().atMost(PATIENCE).until(() -> answers.texts.size() == said);
        }
        request.onCompleted();
        assertThat(answers.ended()).isEqualTo(Status.Code.OK);
        assertThat(answers.texts).first().isEqualTo("m1");
    }

    @Test
    void anErrorInATrailersOnlyResponseKeepsItsStatusAndItsTrailers() {
        StatusRuntimeException error =
                catchThrowableOfType(StatusRuntimeException.class, () -> unary("Fail", "no such thing"));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(error.getStatus().getDescription()).isEqualTo("no such thing");
        Metadata trailers = error.getTrailers();
        assertThat(trailers).isNotNull();
        assertThat(trailers.get(NOTE)).isEqualTo("from the server");
    }

    @Test
    void aCallThatMissesItsDeadlineIsCancelledAtTheOrigin() {
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel,
                        method("Stall", MethodType.UNARY),
                        options().withDeadlineAfter(Duration.ofSeconds(2)),
                        bytes("wait")));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().atMost(PATIENCE).until(() -> cancelled.get() == 1);
        assertThat(notes).anyMatch(note -> note.startsWith("grpc-timeout "));
    }

    @Test
    void aBlockedCallIsDeniedInWordsOfGrpc() {
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel, named("blocked/Echo", MethodType.UNARY), options(), bytes("x")));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(notes).isEmpty();
    }

    @Test
    void aHundredCallsAtOnceAreAnsweredEachWithItsOwn() throws Exception {
        List<Future<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(ClientCalls.futureUnaryCall(
                    channel.newCall(method("Echo", MethodType.UNARY), options()), bytes("call " + i)));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(text(answers.get(i).get(30, TimeUnit.SECONDS))).isEqualTo("call " + i);
        }
        assertThat(peers).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws Exception {
        server.shutdownNow();
        server.awaitTermination(30, TimeUnit.SECONDS);
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, () -> unary("Echo", "x"));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    // --- the server

    private Server serve() {
        ServerServiceDefinition service = ServerServiceDefinition.builder("shop.Orders")
                .addMethod(method("Echo", MethodType.UNARY), ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext(request);
                    answer.onCompleted();
                }))
                .addMethod(method("Fail", MethodType.UNARY), ServerCalls.asyncUnaryCall((request, answer) -> {
                    Metadata trailers = new Metadata();
                    trailers.put(NOTE, "from the server");
                    answer.onError(
                            Status.NOT_FOUND.withDescription(text(request)).asRuntimeException(trailers));
                }))
                .addMethod(
                        method("Stall", MethodType.UNARY),
                        ServerCalls.asyncUnaryCall((request, answer) -> ((ServerCallStreamObserver<byte[]>) answer)
                                .setOnCancelHandler(cancelled::incrementAndGet)))
                .addMethod(
                        method("Count", MethodType.SERVER_STREAMING),
                        ServerCalls.asyncServerStreamingCall((request, answer) -> {
                            int most = Integer.parseInt(text(request));
                            for (int i = 0; i < most; i++) {
                                answer.onNext(bytes(Integer.toString(i)));
                            }
                            answer.onCompleted();
                        }))
                .addMethod(method("Join", MethodType.CLIENT_STREAMING), ServerCalls.asyncClientStreamingCall(Join::new))
                .addMethod(method("Talk", MethodType.BIDI_STREAMING), ServerCalls.asyncBidiStreamingCall(Talk::new))
                .build();
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .maxInboundMessageSize(16 << 20)
                    .addService(service)
                    .intercept(new Noting())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Noting implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            peers.add(String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
            for (String key : headers.keys()) {
                if (!key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                    notes.add(key + " " + headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER)));
                }
            }
            return next.startCall(call, headers);
        }
    }

    /** Answers with all messages in one. */
    private static final class Join implements StreamObserver<byte[]> {
        private final StringBuilder all = new StringBuilder();
        private final StreamObserver<byte[]> answer;

        Join(StreamObserver<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(byte[] message) {
            all.append(text(message));
        }

        @Override
        public void onError(Throwable cancelled) {}

        @Override
        public void onCompleted() {
            answer.onNext(bytes(all.toString()));
            answer.onCompleted();
        }
    }

    /** Answers every message with itself. */
    private static final class Talk implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> answer;

        Talk(StreamObserver<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(byte[] message) {
            answer.onNext(message);
        }

        @Override
        public void onError(Throwable cancelled) {}

        @Override
        public void onCompleted() {
            answer.onCompleted();
        }
    }

    // --- the client

    /** What was answered to one call. */
    private static final class Collected implements StreamObserver<byte[]> {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile Status status = Status.OK;

        @Override
        public void onNext(byte[] message) {
            texts.add(text(message));
        }

        @Override
        public void onError(Throwable error) {
            status = Status.fromThrowable(error);
            over.countDown();
        }

        @Override
        public void onCompleted() {
            over.countDown();
        }

        Status.Code ended() throws InterruptedException {
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
            return status.getCode();
        }
    }

    private String unary(String method, String message) {
        return text(
                ClientCalls.blockingUnaryCall(channel, method(method, MethodType.UNARY), options(), bytes(message)));
    }

    private static CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(PATIENCE);
    }

    static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return named("shop.Orders/" + name, type);
    }

    private static MethodDescriptor<byte[], byte[]> named(String fullName, MethodType type) {
        return MethodDescriptor.newBuilder(new Raw(), new Raw())
                .setType(type)
                .setFullMethodName(fullName)
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }

    /** Messages as they are. */
    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
