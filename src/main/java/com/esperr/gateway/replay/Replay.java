package com.esperr.gateway.replay;

import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.Routes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * what another set says. One thread reads, others make requests of the lines, and others again decide, each about
 * visitors of its own. Requests are
 * taken in the order in which they came, as far as neighbours in a file go, because policies count them.
 */
public final class Replay {
    /** Few: what waits for long is moved about by the collector. */
    private static final int BATCHES = 3;

    private static final Future<Batch> END = CompletableFuture.completedFuture(Batch.NONE);

    private final Terms terms;
    private final BlockingQueue<Future<Batch>> batches = new ArrayBlockingQueue<>(BATCHES);
    private long unreadable;
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

    /** Replays {@code files}, one after the other, on all processors; blocks. */
    public static Outcome run(Terms terms, List<Path> files) throws IOException, InterruptedException {
        return run(terms, files, Runtime.getRuntime().availableProcessors());
    }

    static Outcome run(Terms terms, List<Path> files, int deciders) throws IOException, InterruptedException {
        return new Replay(terms).run(files, deciders);
    }

    private Outcome run(List<Path> files, int most) throws IOException, InterruptedException {
        Sharing sharing = Sharing.of(terms, most);
        Thread reader = new Thread(() -> read(files, sharing), "replay");
        reader.setDaemon(true);
        reader.start();
        List<Decider> deciders = new ArrayList<>();
        for (int i = 0; i < sharing.deciders(); i++) {
            deciders.add(new Decider(terms, i));
        }
        try {
            for (Future<Batch> next = batches.take(); next != END; next = batches.take()) {
                Batch batch = next.get();
                unreadable += batch.unreadable();
                for (Decider decider : deciders) {
                    decider.give(batch);
                }
            }
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        } finally {
            reader.interrupt();
            for (Decider decider : deciders) {
                decider.end();
            }
        }
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
        return outcome(deciders);
    }

    private Outcome outcome(List<Decider> deciders) {
        Map<String, Difference> found = new TreeMap<>();
        for (Decider decider : deciders) {
            decider.differences().values().stream()
                    .flatMap(by -> by.values().stream())
                    .forEach(difference -> found.merge(difference.label(), difference, Difference::and));
        }
        List<Difference> sorted = new ArrayList<>(found.values());
        sorted.sort(Comparator.comparingLong(Difference::count).reversed());
        return new Outcome(
                deciders.stream().mapToLong(Decider::requests).sum(),
                unreadable,
                deciders.stream().mapToLong(Decider::others).sum(),
                deciders.stream().mapToLong(Decider::notCompared).sum(),
                List.copyOf(sorted));
    }

    // --- the reading thread

    private void read(List<Path> files, Sharing sharing) {
        ExecutorService makers =
                Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()), Replay::maker);
        Batches made = new Batches(terms, sharing, makers, batches);
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
        } catch (RuntimeException | Error defect) {
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
