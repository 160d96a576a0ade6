package com.esperr.gateway.policy;

import java.util.HashMap;
import java.util.Map;
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
import org.openjdk.jmh.annotations.Warmup;

/** Whether a user agent contains one of several texts: going over it once, or looking for one after the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TextTrieBenchmark {
    private static final String VALUE =
            "mozilla/5.0 (x11; linux x86_64) applewebkit/537.36 (khtml, like gecko) chrome/139.0 safari/537.36";

    /** How many texts. */
    @Param({"2", "4", "8", "16", "64"})
    public int texts;

    private String[] parts;
    private TextTrie<Boolean> trie;

    /** Texts of which the value contains none. */
    @Setup
    public void make() {
        parts = new String[texts];
        Map<String, Boolean> values = new HashMap<>();
        for (int i = 0; i < texts; i++) {
            parts[i] = Integer.toString(i * 7_919 + 12_345, 36) + "bot";
            values.put(parts[i], true);
        }
        trie = TextTrie.of(values);
    }

    /** At once. */
    @Benchmark
    public boolean atOnce() {
        return trie.anyPart(VALUE);
    }

    /** One after the other. */
    @Benchmark
    public boolean oneByOne() {
        for (String part : parts) {
            if (VALUE.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
