package com.esperr.gateway.replay;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.request.Tier;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides about some of the visitors, on a thread and with state of its own. It is given all batches in their order, and told how late it is behind
 * each, so that its clock goes as it would if it were alone.
 */
final class Decider implements Runnable {
    private static final int BATCHES = 2;

    private final Replay.Terms terms;
    private final int number;
    private final BlockingQueue<Optional<Batch>> batches = new ArrayBlockingQueue<>(BATCHES);
    private final Map<Action, Map<Action, Difference>> differences = new EnumMap<>(Action.class);
    private final Thread thread;
    private volatile @Nullable Throwable defect;
    private long begun;
    private long sequence;
    private long requests;
    private long notCompared;
    private long others;

    /**
     * One of several.
     *
     * @param number its own
     */
    Decider(Replay.Terms terms, int number) {
        this.terms = terms;
        this.number = number;
        this.thread = new Thread(this, "replay-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    /** Has it decide about its visitors in {@code batch}; waits while it has enough to do. */
    void give(Batch batch) throws InterruptedException {
        batches.put(Optional.of(batch));
    }

    /** Waits until it is done with everything that it was given. */
    void end() throws InterruptedException {
        batches.put(Optional.empty());
        thread.join();
        Throwable thrown = defect;
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
    }

    @Override
    public void run() {
        try (Verdicts now = new Verdicts(terms.policies(), terms.limits(), terms.challenge());
                Verdicts before = other()) {
            for (Optional<Batch> batch = batches.take(); batch.isPresent(); batch = batches.take()) {
                decide(batch.get(), now, before);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error thrown) {
            defect = thrown;
            drain();
        }
    }

    private @Nullable Verdicts other() {
        return terms.against() == null ? null : new Verdicts(terms.against(), terms.limits(), terms.challenge());
    }

    /** Whoever gives must not wait for ever. */
    private void drain() {
        try {
            boolean more = true;
            while (more) {
                more = batches.take().isPresent();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void decide(Batch batch, Verdicts now, @Nullable Verdicts before) {
        for (Batch.Shown shown : batch.shares().get(number)) {
            sequence = begun + shown.place() + 1;
            at(shown.recorded().atMillis(), now, before);
            compare(shown, now, before);
        }
        begun += batch.size();
        at(batch.latest(), now, before);
    }

    private static void at(long millis, Verdicts now, @Nullable Verdicts before) {
        now.at(millis);
        if (before != null) {
            before.at(millis);
        }
    }

    private void compare(Batch.Shown shown, Verdicts now, @Nullable Verdicts before) {
        if (!Objects.equals(shown.recorded().set(), terms.set())) {
            others++;
            return;
        }
        requests++;
        if (shown.recorded().exempt() || shown.context().tier() == Tier.EXEMPT) {
            notCompared++;
            return;
        }
        Recorded.Said is = now.of(shown.context());
        Recorded.Said was = before == null ? shown.recorded().said() : before.of(shown.context());
        if (was == null) {
            notCompared++;
        } else if (was.action() != is.action()) {
            differences
                    .computeIfAbsent(was.action(), unknown -> new EnumMap<>(Action.class))
                    .computeIfAbsent(is.action(), unknown -> new Difference(was.action(), is.action(), terms.samples()))
                    .add(sequence, shown.recorded(), was, is);
        }
    }

    /** What it found; to be read when it has ended. */
    Map<Action, Map<Action, Difference>> differences() {
        return differences;
    }

    long requests() {
        return requests;
    }

    long notCompared() {
        return notCompared;
    }

    long others() {
        return others;
    }
}
