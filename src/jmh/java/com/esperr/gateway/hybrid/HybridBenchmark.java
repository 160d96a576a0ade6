package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a decision costs in mode hybrid: about a visitor who is remembered, and about one who is not. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class HybridBenchmark {
    private static final Deadline DEADLINE = new Deadline(0);

    /** How many mitigations are active. */
    @Param({"1000", "100000"})
    public int mitigations;

    private final Hybrids.Told told = new Hybrids.Told();
    private final RequestContext blocked = visitor(1);
    private final RequestContext unknown = visitor(-1);
    private HybridSource source;

    /** Remembers a block for each of so many visitors. */
    @Setup
    public void learn() {
        Hybrids hybrids = new Hybrids();
        hybrids.maxEntries = 2L * mitigations;
        source = hybrids.source();
        Learning learning = source.learning();
        for (int i = 0; i < mitigations; i++) {
            learning.learned(learning.key(visitor(i)), Action.BLOCK, Long.MAX_VALUE, null, null);
        }
    }

    /** Ends the source. */
    @TearDown
    public void close() {
        source.close();
    }

    /** Somebody with an active mitigation. */
    @Benchmark
    public Object hit() {
        source.decide(blocked, DEADLINE, told);
        return told;
    }

    /** Somebody without one. */
    @Benchmark
    public Object miss() {
        source.decide(unknown, DEADLINE, told);
        return told;
    }

    private static RequestContext visitor(int number) {
        return Requests.get("/a")
                .with("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/" + number)
                .context();
    }
}
