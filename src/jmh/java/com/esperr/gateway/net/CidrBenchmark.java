package com.esperr.gateway.net;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whether an address is in one of many networks, and in which of them. A sample is a look-up of each of 1,024 addresses, so that
 * its median says something on a machine that is busy.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CidrBenchmark {
    private static final int ADDRESSES = 1_024;

    /** How many networks, a quarter of them IPv6. */
    @Param({"100", "10000"})
    public int networks;

    private CidrSet set;
    private CidrTrie<Integer> trie;
    private final IpAddress[] ipv4 = new IpAddress[ADDRESSES];
    private final IpAddress[] ipv6 = new IpAddress[ADDRESSES];
    private int found;
    private final Consumer<Integer> sum = value -> found += value;

    /** Makes the networks and the addresses that are looked for, which are mostly in none. */
    @Setup
    public void make() {
        Random random = new Random(1);
        Map<Cidr, Integer> values = new HashMap<>();
        for (int i = 0; i < networks; i++) {
            IpAddress address = i % 4 == 0
                    ? IpAddress.ofIpv6(0x2001_0db8_0000_0000L | random.nextInt() & 0xffff_ffffL, 0)
                    : IpAddress.ofIpv4(random.nextInt());
            int bits = i % 4 == 0 ? 48 : 24;
            values.put(new Cidr(address.prefix(bits), bits), i);
        }
        set = CidrSet.of(values.keySet());
        trie = CidrTrie.of(values);
        for (int i = 0; i < ADDRESSES; i++) {
            ipv4[i] = IpAddress.ofIpv4(random.nextInt());
            ipv6[i] = IpAddress.ofIpv6(0x2001_0db8_0000_0000L | random.nextInt() & 0xffff_ffffL, random.nextLong());
        }
    }

    /** In one of them. */
    @Benchmark
    @OperationsPerInvocation(ADDRESSES)
    public int setIpv4() {
        return inSet(ipv4);
    }

    /** In one of them. */
    @Benchmark
    @OperationsPerInvocation(ADDRESSES)
    public int setIpv6() {
        return inSet(ipv6);
    }

    /** In which. */
    @Benchmark
    @OperationsPerInvocation(ADDRESSES)
    public int trieIpv4() {
        return inTrie(ipv4);
    }

    /** In which. */
    @Benchmark
    @OperationsPerInvocation(ADDRESSES)
    public int trieIpv6() {
        return inTrie(ipv6);
    }

    private int inSet(IpAddress[] addresses) {
        int in = 0;
        for (IpAddress address : addresses) {
            in += set.contains(address) ? 1 : 0;
        }
        return in;
    }

    private int inTrie(IpAddress[] addresses) {
        for (IpAddress address : addresses) {
            trie.around(address, sum);
        }
        return found;
    }
}
