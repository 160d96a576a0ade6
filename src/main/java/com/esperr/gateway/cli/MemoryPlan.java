package com.esperr.gateway.cli;

import java.util.List;
import java.util.Locale;

/**
 * The memory that so many visitors and connections take. Immutable. What one of them takes was measured, and {@code PlanIT} measures it
 * again.
 *
 * @param entities visitors of whom each is counted in one window and has one active mitigation
 * @param connections that are kept and idle
 */
record MemoryPlan(long entities, long connections) {
    private static final long MIB = 1 << 20;

    /** What a gateway that has served requests has on the heap without either, after a collection. */
    private static final long HEAP = 19 * MIB;

    /** A window, a mitigation, and their keys. */
    private static final long HEAP_AN_ENTITY = 830;

    private static final long HEAP_A_CONNECTION = 3170;

    /** Buffers of a few event loops; an idle connection has none. */
    private static final long DIRECT = 32 * MIB;

    /** What those may need that send or receive something, one in eight. */
    private static final long DIRECT_A_CONNECTION = 4096;

    /** Classes, compiled code, stacks, what the collector knows of the heap, and the allocator of the C library. */
    private static final long BESIDE = 140 * MIB;

    private static final long STEP = 16 * MIB;

    /** What is alive on the heap after a collection. */
    long heap() {
        return HEAP + entities * HEAP_AN_ENTITY + connections * HEAP_A_CONNECTION;
    }

    /** The heap to give it: twice what is alive, so that collections are few, and what requests under way leave behind. */
    long largestHeap() {
        return rounded(2 * heap() + 32 * MIB);
    }

    /** The buffers outside the heap to allow it. */
    long largestDirect() {
        return rounded(DIRECT + connections * DIRECT_A_CONNECTION);
    }

    /** What the process has of the machine's memory once its heap has been used to the end. */
    long resident() {
        return largestHeap() + BESIDE;
    }

    /** The limit for a container, in which all buffers may be in use as well. */
    long container() {
        return rounded(resident() + largestDirect());
    }

    private static long rounded(long bytes) {
        return (bytes + STEP - 1) / STEP * STEP;
    }

    /** For people. */
    List<String> lines() {
        return List.of(
                String.format(
                        Locale.ROOT, "%,d visitors counted and mitigated, %,d idle connections", entities, connections),
                line("alive on the heap", heap(), ""),
                line("heap", largestHeap(), "-Xmx" + largestHeap() / MIB + "m"),
                line("buffers outside it", largestDirect(), "-XX:MaxDirectMemorySize=" + largestDirect() / MIB + "m"),
                line("resident", resident(), "when the heap has been used to the end"),
                line("container", container(), "the limit to set"));
    }

    private static String line(String what, long bytes, String meaning) {
        return String.format(Locale.ROOT, "  %-18s %,8d MiB  %s", what, bytes / MIB, meaning)
                .stripTrailing();
    }
}
