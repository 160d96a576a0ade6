package com.esperr.gateway.replay;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.Routes;
import com.esperr.gateway.request.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Shows recorded requests to a set of policies and says what is different: from what was said when they were recorded, or from
 * what another set says. One thread reads, others make requests of the lines, and the one that calls decides. Requests are
 * taken in the order in which they came, as far as neighbours in a file go, because policies count them.
 */
public final class Replay {
    private static final int BATCHES = 8;
    private static final Future<Batch> END = CompletableFuture.completedFuture(new Batch(List.of(), 0));

    private final Terms terms;
    private final BlockingQueue<Future<Batch>> batches = new ArrayBlockingQueue<>(BATCHES);
    private final Map<Action, Map<Action, Difference>> differences = new EnumMap<>(Action.class);
    private long requests;
    private long unreadable;
    private long notCompared;
    private long others;
    private volatile @Nullable IOException failure;

    private Replay(Terms terms) {
        this.terms = terms;
    }

    /**
     * What is replayed.
     *
     * @param policies the set in question
     * @param against another set, or null: what was said at the time
     * @param limits what is kept at the most
     * @param challenge where challenges would go
     * @param clients how visitors' addresses are found
     * @param paths how paths are brought into one form
     * @param routes the routes
     * @param source the name of the gateway
     * @param set the name of the set in question, null for that of sites that name none: requests of others are left out
     * @param samples how many requests of each difference are kept as samples
     */
    public record Terms(
            PolicySet policies,
            @Nullable PolicySet against,
            Limits limits,
            ChallengePlace challenge,
            ClientAddressRules clients,
            PathRules paths,
            Routes routes,
            String source,
            @Nullable String set,
            int samples) {}

    /**
     * What is kept at the most.
     *
     * @param windows rolling counts
     * @param mitigations active mitigations
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     */
    public record Limits(long windows, long mitigations, int ipv6Prefix) {}

    /**
     * What came of it.
     *
     * @param requests how many were shown to the policies
     * @param unreadable lines that are no request
     * @param others requests about which other sets of policies decide
     * @param notCompared requests of which it is not known what policies said, or that they were not asked about
     * @param differences one for each way in which something differs, the most frequent first
     */
    public record Outcome(long requests, long unreadable, long others, long notCompared, List<Difference> differences) {
        /** How many requests differ. */
        public long different() {
            return differences.stream().mapToLong(Difference::count).sum();
        }

        /** How many could differ. */
        public long compared() {
            return requests - notCompared;
        }
    }

    /** Replays {@code files}, one after the other; blocks. */
    public static Outcome run(Terms terms, List<Path> files) throws IOException, InterruptedException {
        return new Replay(terms).run(files);
    }

    private Outcome run(List<Path> files) throws IOException, InterruptedException {
        Thread reader = new Thread(() -> read(files), "replay");
        reader.setDaemon(true);
        reader.start();
        PolicySet other = terms.against();
        try (Verdicts now = new Verdicts(terms.policies(), terms.limits(), terms.challenge());
                Verdicts before =
                        new Verdicts(other == null ? terms.policies() : other, terms.limits(), terms.challenge())) {
            for (Future<Batch> next = batches.take(); next != END; next = batches.take()) {
                Batch batch = next.get();
                unreadable += batch.unreadable();
                for (Batch.Shown shown : batch.requests()) {
                    compare(shown, now, other == null ? null : before);
                }
            }
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        } finally {
            reader.interrupt();
        }
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
        return outcome();
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
                    .add(shown.recorded(), was, is);
        }
    }

    private Outcome outcome() {
        List<Difference> found = new ArrayList<>();
        differences.values().forEach(by -> found.addAll(by.values()));
        found.sort(Comparator.comparingLong(Difference::count).reversed());
        return new Outcome(requests, unreadable, others, notCompared, List.copyOf(found));
    }

    // --- the reading thread

    private void read(List<Path> files) {
        ExecutorService makers =
                Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()), Replay::maker);
        Batches made = new Batches(terms, makers, batches);
        try {
            for (Path file : files) {
                try {
                    LogLines.read(file, made);
                } catch (IOException unusable) {
                    throw new IOException(file + ": " + unusable.getMessage(), unusable);
                }
            }
            made.hand();
        } catch (IOException unusable) {
            failure = unusable;
        } catch (RuntimeException defect) {
            failure = new IOException("reading failed: " + defect, defect);
        }
        try {
            batches.put(END);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            // What was handed over is still made.
            makers.shutdown();
        }
    }

    private static Thread maker(Runnable work) {
        Thread thread = new Thread(work, "replay-maker");
        thread.setDaemon(true);
        return thread;
    }
}
