package com.esperr.gateway.upstream;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Who is at an origin, who waits for it, and how fast it answers: what lasts when a new configuration gives the origin another
 * {@link Intake}, as those who are there are there still. Thread-safe.
 */
final class Crowd {
    final AtomicInteger there = new AtomicInteger();
    final AtomicInteger unsent = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicInteger verified = new AtomicInteger();
    final List<IntakeLine> lines = new CopyOnWriteArrayList<>();
    final AtomicBoolean told = new AtomicBoolean();
    volatile long toldAt;
    private final AtomicReference<Followed> followed;

    /** By which of the configurations that came one after the other. */
    private record Followed(int generation, ResponseTimes times) {}

    Crowd(SheddingConfig config, long now) {
        this.followed = new AtomicReference<>(new Followed(0, new ResponseTimes(config, now)));
    }

    /** How fast the origin answers. */
    ResponseTimes times() {
        return requireNonNull(followed.get()).times();
    }

    /** From now on {@code config} bounds them, from where they stand, unless a later generation's does already. */
    void follow(SheddingConfig config, int generation, long now) {
        followed.updateAndGet(before -> before.generation() >= generation
                ? before
                : new Followed(generation, new ResponseTimes(config, now, before.times())));
    }
}
