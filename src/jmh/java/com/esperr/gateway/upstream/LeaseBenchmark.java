package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TransportConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to take a kept connection out of the pool of an event loop, and to put it back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class LeaseBenchmark {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.NIO, 1));
    private final Last last = new Last();
    private OriginPool pool;

    /** Opens the pool, with one connection that is kept. */
    @Setup
    public void open() {
        OriginConfig config = Setting.of("http://127.0.0.1:1");
        OriginEndpoint endpoint = new OriginEndpoint(config, 0);
        Outliers outliers = new Outliers(List.of(endpoint), config.outlier(), System::nanoTime);
        Sweeper sweeper = new Sweeper(channel.eventLoop(), System::nanoTime);
        pool = new OriginPool(channel.eventLoop(), loops, endpoint, outliers, sweeper, System::nanoTime);
        pool.assemble(channel);
        pool.adopt(channel);
    }

    /** Closes everything. */
    @TearDown
    public void close() {
        channel.finishAndReleaseAll();
        loops.close();
    }

    /** A lease and its end. */
    @Benchmark
    public Object lease() {
        pool.lease(last, null, false);
        pool.giveBack(last.leased);
        return last;
    }

    private static final class Last implements LeaseSink {
        private UpstreamConnection leased;

        @Override
        public void leased(RequestOutput output) {
            leased = (UpstreamConnection) output;
        }

        @Override
        public boolean whole() {
            return false;
        }

        @Override
        public void leaseFailed(FailureReason reason, String detail) {
            throw new IllegalStateException(detail);
        }
    }
}
