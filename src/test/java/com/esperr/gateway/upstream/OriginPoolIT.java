package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.ResponseDecoder;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TransportConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.NotYetConnectedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OriginPoolIT {
    private static final RequestHead GET =
            new RequestHead("GET", "/", HttpVersion.HTTP_1_1, Fields.EMPTY, BodyLength.NONE, true, false);

    private static final String WITHHELD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    private static final String FORGED = "HTTP/1.1 418 Forged\r\nContent-Length: 0\r\n\r\n";

    private final TestOrigin origin = TestOrigin.start();
    private final OriginConfig config = config(Map.of("origin.url", origin.url()));
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, 1));
    private final EventLoop loop = loops.group().next();
    private final OriginEndpoint endpoint = new OriginEndpoint(config, 0);
    private final PoolGauges gauges = endpoint.gauges();
    private final List<String> outcomes = new CopyOnWriteArrayList<>();

    private static OriginConfig config(Map<String, String> keys) {
        return Configurations.read(
                        ConfigSource.load(null, Map.of(), keys), root -> OriginConfig.read(root.section("origin")))
                .value();
    }

    @AfterEach
    void stop() {
        loops.close();
        origin.close();
    }

    @Test
    void aConnectionThatIsTooOldIsNotLeasedOnItsWayOut() throws Exception {
        OriginPool pool = pool();
        loop.execute(() -> pool.lease(new Get(), null, false));
        await().until(() -> gauges.idle() == 1);
        loop.execute(() -> {
            pool.sweep(System.nanoTime() + config.keepAlive().toNanos());
            pool.lease(new Get(), null, false);
        });
        await().until(() -> outcomes.size() == 2);
        assertThat(outcomes).containsExactly("200", "200");
        await().until(() -> gauges.open() == 1 && gauges.idle() == 1);
        assertThat(gauges.leased()).isZero();
    }

    @Test
    void aConnectionThatIsNotThereInTimeIsTheNextOnes() throws Exception {
        OriginPool pool = pool();
        loop.execute(() -> {
            pool.lease(new Get(), null, false);
            pool.sweep(System.nanoTime() + config.connectTimeout().toNanos() + 1_000_000);
        });
        await().until(() -> gauges.idle() == 1);
        assertThat(outcomes).containsExactly("ORIGIN_CONNECT_TIMEOUT: no connection within origin.connect-timeout");
        loop.execute(() -> pool.lease(new Get(), null, false));
        await().until(() -> outcomes.contains("200"));
        assertThat(gauges.open()).isEqualTo(1);
        assertThat(gauges.connecting()).isZero();
    }

    @Test
    void anOriginWhoseResetIsToldAsNotConnectedIsNoDefect() throws Exception {
        OriginPool pool = pool();
        ResponseDecoder decoder = new ResponseDecoder(config.limits());
        EmbeddedChannel channel = new EmbeddedChannel();
        UpstreamConnection connection = new UpstreamConnection(pool, channel, decoder);
        channel.pipeline().addLast(decoder, connection);
        connection.begin(GET, false, new Get());
        channel.pipeline().fireExceptionCaught(new NotYetConnectedException());
        assertThat(outcomes).containsExactly("ORIGIN_CLOSED: connection was reset");
        assertThat(channel.isOpen()).isFalse();
    }

    /** There are servers that send the body of a HEAD, in another packet than the head: it could be read as the next answer. */
    @Test
    void whatComesBehindTheAnswerToAHeadIsNobodysAnswer() throws Exception {
        AtomicLong now = new AtomicLong();
        CountDownLatch answered = new CountDownLatch(1);
        origin.on("/head", exchange -> exchange.send(WITHHELD).hold(answered).send(FORGED));
        OriginPool pool = pool(now::get);
        loop.execute(() -> pool.lease(new Get("HEAD", "/head"), null, false));
        await().until(() -> outcomes.size() == 1);
        loop.execute(() -> pool.lease(new Get(), null, false));
        await().until(() -> outcomes.size() == 2);
        assertThat(outcomes).containsExactly("200", "200");
        assertThat(origin.connectionsAccepted()).isEqualTo(2);
        answered.countDown();
        await().until(() -> gauges.open() == 1 && gauges.idle() == 1 && gauges.leased() == 0);
        assertThat(outcomes).hasSize(2);
    }

    @Test
    void aConnectionOnWhichNothingComesBehindAHeadIsKept() throws Exception {
        AtomicLong now = new AtomicLong();
        origin.on("/head", exchange -> exchange.send(WITHHELD));
        OriginPool pool = pool(now::get);
        loop.execute(() -> pool.lease(new Get("HEAD", "/head"), null, false));
        await().until(() -> outcomes.size() == 1);
        await().until(() -> gauges.idle() == 1 && gauges.leased() == 0);
        loop.execute(() -> {
            pool.sweep(now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100)));
            pool.lease(new Get(), null, false);
        });
        await().until(() -> outcomes.size() == 2);
        assertThat(origin.connectionsAccepted()).isEqualTo(1);
    }

    @Test
    void whoFindsNoPlaceEndsTheRestOfAConnection() throws Exception {
        origin.on("/head", exchange -> exchange.send(WITHHELD));
        OriginEndpoint narrow = new OriginEndpoint(
                config(Map.of("origin.url", origin.url(), "origin.max-connections", "1", "origin.max-waiting", "0")),
                0);
        OriginPool pool = pool(narrow, () -> 0);
        loop.execute(() -> pool.lease(new Get("HEAD", "/head"), null, false));
        await().until(() -> outcomes.size() == 1);
        await().until(() -> narrow.gauges().idle() == 1 && narrow.gauges().leased() == 0);
        loop.execute(() -> pool.lease(new Get(), null, false));
        await().until(() -> outcomes.size() == 2);
        assertThat(outcomes).containsExactly("200", "200");
    }

    @Test
    void fewConnectionsRestAtATime() throws Exception {
        origin.on("/head", exchange -> exchange.send(WITHHELD));
        OriginPool pool = pool(() -> 0);
        for (int i = 1; i <= 12; i++) {
            int asked = i;
            loop.execute(() -> pool.lease(new Get("HEAD", "/head"), null, false));
            await().until(() -> outcomes.size() == asked && gauges.leased() == 0);
        }
        assertThat(gauges.idle()).isEqualTo(8);
        assertThat(gauges.open()).isEqualTo(8);
    }

    private OriginPool pool() throws Exception {
        return pool(System::nanoTime);
    }

    private OriginPool pool(LongSupplier nanos) throws Exception {
        return pool(endpoint, nanos);
    }

    private OriginPool pool(OriginEndpoint endpoint, LongSupplier nanos) throws Exception {
        Outliers outliers = new Outliers(List.of(endpoint), config.outlier(), nanos);
        return loop.submit(() -> new OriginPool(loop, loops, endpoint, outliers, new Sweeper(loop, nanos), nanos))
                .get();
    }

    /** Asks for a page on the connection it is given and gives the connection back. */
    private final class Get implements LeaseSink, ResponseListener {
        private final String method;
        private final String path;
        private RequestOutput connection;
        private int status;

        Get() {
            this("GET", "/");
        }

        Get(String method, String path) {
            this.method = method;
            this.path = path;
        }

        @Override
        public void leased(RequestOutput leased) {
            connection = leased;
            leased.begin(
                    new RequestHead(method, path, HttpVersion.HTTP_1_1, Fields.EMPTY, BodyLength.NONE, true, false),
                    false,
                    this);
            ByteBuf request = leased.buffer(64);
            ByteBufUtil.writeAscii(request, method + " " + path + " HTTP/1.1\r\nHost: origin.test\r\n\r\n");
            leased.head(request);
            leased.flush();
        }

        @Override
        public boolean whole() {
            return true;
        }

        @Override
        public void leaseFailed(FailureReason reason, String detail) {
            outcomes.add(reason + ": " + detail);
        }

        @Override
        public void responseHead(ResponseHead head) {
            status = head.status();
        }

        @Override
        public void responseData(ByteBuf data) {
            data.release();
        }

        @Override
        public void responseEnd(MessageEnd end) {
            connection.release();
            outcomes.add(Integer.toString(status));
        }

        @Override
        public void responseReadComplete() {}

        @Override
        public void requestWritabilityChanged(boolean writable) {}

        @Override
        public void upstreamFailed(FailureReason reason, String detail, Loss loss) {
            outcomes.add(reason + ": " + detail);
        }
    }
}
