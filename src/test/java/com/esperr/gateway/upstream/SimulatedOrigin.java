package com.esperr.gateway.upstream;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * An origin with so many workers behind one queue, and visitors who ask at a rate of their own, on a clock that only the simulation
 * moves: what has room goes there, and what has none is turned away. Confined to the test.
 */
final class SimulatedOrigin {
    private static final long SECOND = 1_000_000_000L;

    private final ResponseTimes times;
    private final SplittableRandom random = new SplittableRandom(7);
    private final PriorityQueue<Answer> answers = new PriorityQueue<>(Comparator.comparingLong(Answer::at));
    private long[] freeAt;
    private long serviceNanos;
    private boolean overloaded;
    private long now;
    private int there;
    private long answered;
    private long refused;
    private long waitedNanos;
    private int most;

    private record Answer(long since, long at) {}

    SimulatedOrigin(SheddingConfig config, int workers, long serviceMillis) {
        this.times = new ResponseTimes(config, 0);
        this.freeAt = new long[workers];
        service(serviceMillis);
    }

    /** From now on a request keeps a worker busy for that long. */
    void service(long millis) {
        serviceNanos = millis * 1_000_000;
    }

    /** From now on there are so many workers; those who are at it finish. */
    void workers(int count) {
        freeAt = new long[count];
        Arrays.fill(freeAt, now);
    }

    /** From now on it says itself that it has too much to do, or no longer. */
    void refusing(boolean says) {
        overloaded = says;
    }

    /** Nothing is answered for that long, and then all goes on. */
    void stalls(long seconds) {
        for (int i = 0; i < freeAt.length; i++) {
            freeAt[i] = Math.max(freeAt[i], now) + seconds * SECOND;
        }
        PriorityQueue<Answer> before = new PriorityQueue<>(answers);
        answers.clear();
        before.forEach(answer -> answers.add(new Answer(answer.since, answer.at + seconds * SECOND)));
    }

    /** Visitors come for so many seconds, so many in each; counts begin anew. */
    SimulatedOrigin visited(double perSecond, double seconds) {
        answered = 0;
        refused = 0;
        waitedNanos = 0;
        most = 0;
        long end = now + (long) (seconds * SECOND);
        double next = now;
        long look = now;
        while (now < end) {
            next += -Math.log(1 - random.nextDouble()) * SECOND / perSecond;
            for (long until = Math.min((long) next, end); look < until; look += SECOND / 10) {
                answerUntil(look);
                times.look(there, look);
            }
            answerUntil(Math.min((long) next, end));
            now = Math.min((long) next, end);
            if (now < end) {
                ask();
            }
        }
        return this;
    }

    private void ask() {
        if (there >= times.limit()) {
            refused++;
            return;
        }
        there++;
        most = Math.max(most, there);
        times.there(there);
        int free = 0;
        for (int i = 1; i < freeAt.length; i++) {
            free = freeAt[i] < freeAt[free] ? i : free;
        }
        // Services differ by a fifth either way, as those of real applications do, and more.
        double share = 0.8 + 0.4 * random.nextDouble();
        freeAt[free] = Math.max(now, freeAt[free]) + (long) (serviceNanos * share);
        answers.add(new Answer(now, freeAt[free]));
    }

    private void answerUntil(long until) {
        for (Answer next = answers.peek(); next != null && next.at <= until; next = answers.peek()) {
            answers.remove();
            there--;
            answered++;
            waitedNanos += next.at - next.since;
            times.answered(next.since, next.at, overloaded);
        }
    }

    int limit() {
        return times.limit();
    }

    boolean saturated() {
        return times.saturated();
    }

    /** Most requests that were there at once. */
    int most() {
        return most;
    }

    long answered() {
        return answered;
    }

    long refused() {
        return refused;
    }

    /** How long an answer took in the mean. */
    double meanMillis() {
        return waitedNanos / 1e6 / Math.max(1, answered);
    }
}
