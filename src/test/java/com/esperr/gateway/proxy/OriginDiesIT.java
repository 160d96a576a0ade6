package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An origin that dies inside an answer is the origin's failure, however much of it still waits for a slow visitor. */
class OriginDiesIT {
    private static final int TIMES = 20;
    private static final int ANNOUNCED = 64 << 20;
    private static final int SENT = 8 << 20;

    @Test
    void anOriginThatDiesWhileItsVisitorReadsSlowlyIsBlamedEveryTime() throws IOException {
        try (Scene at = Scene.with()) {
            at.origin.otherwise(Behaviours.resetMidBody(ANNOUNCED, SENT, new CountDownLatch(0)));
            for (int i = 0; i < TIMES; i++) {
                readSlowly(at);
                long ended = i + 1;
                await().atMost(Patience.LIMIT).until(() -> blamed(at) == ended);
            }
            assertThat(at.gateway.failures(FailureReason.CLIENT_ABORTED)).isZero();
        }
    }

    /** Reads with little room for what is on its way, until the connection ends. */
    private static void readSlowly(Scene at) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.connect(new InetSocketAddress("127.0.0.1", at.gateway.port()));
            socket.getOutputStream().write(Scene.request("GET /large").getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[16 << 10];
            for (int count = 0; count >= 0; ) {
                count = read(in, piece);
            }
        }
    }

    private static int read(InputStream in, byte[] piece) throws IOException {
        try {
            return in.read(piece);
        } catch (SocketTimeoutException stuck) {
            throw stuck;
        } catch (IOException reset) {
            return -1;
        }
    }

    private static long blamed(Scene at) {
        return at.gateway.failures(FailureReason.ORIGIN_CLOSED) + at.gateway.failures(FailureReason.CLIENT_ABORTED);
    }
}
