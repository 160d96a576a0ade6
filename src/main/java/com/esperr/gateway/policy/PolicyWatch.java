package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that policy files have changed, and has the new policies put in force if there is nothing wrong with them; else the
 * ones before stay. Files are looked at from one daemon thread, or by whoever calls {@link #look}; the counts can be read by
 * any thread.
 *
 * <p>A change counts when two looks in a row see the same, so that neither a file half written nor a directory half copied is
 * read. What is wrong with one content is logged once.
 */
public final class PolicyWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);
    private static final Duration SETTLE = Duration.ofMillis(500);
    private static final long PATIENCE_MILLIS = 2000;
    private static final int MAX_LOGGED = 10;

    /** What came of one look. */
    enum Look {
        /** Nothing has changed. */
        SAME,
        /** Something has, and is looked at once more. */
        CHANGING,
        /** Other policies are in force. */
        SWAPPED,
        /** The ones before stay. */
        REFUSED
    }

    private final List<Path> paths;
    private final List<Path> others;
    private final Supplier<LoadedPolicies> loader;
    private final Predicate<LoadedPolicies> swap;
    private final LongAdder swapped = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private PolicyFiles settled;
    private @Nullable PolicyFiles changing;
    private String content;
    private volatile @Nullable String trouble;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /**
     * A watch over the files whose policies are in force.
     *
     * @param loader reads, checks and tests what is there
     * @param swap puts sound policies in force, or answers false and says why in the log
     */
    public PolicyWatch(PolicyConfig config, Supplier<LoadedPolicies> loader, Predicate<LoadedPolicies> swap) {
        this.paths = config.paths();
        this.others = Stream.ofNullable(config.countryDatabase()).toList();
        this.loader = loader;
        this.swap = swap;
        this.settled = PolicyFiles.now(paths, others);
        this.content = settled.content();
    }

    /** Looks from now on, once an interval. */
    public PolicyWatch start(Duration interval) {
        Thread looking = new Thread(() -> watch(interval), "policies");
        looking.setDaemon(true);
        thread = looking;
        looking.start();
        return this;
    }

    /** How often other policies were put in force. */
    public long swapped() {
        return swapped.sum();
    }

    /** How often something was wrong, and the policies before stayed. */
    public long refused() {
        return refused.sum();
    }

    /** One sentence on why the files are not what is in force, or null if they are. */
    public @Nullable String trouble() {
        return trouble;
    }

    /** Looks no more. */
    @Override
    public void close() {
        closed = true;
        Thread looking = thread;
        if (looking != null) {
            LockSupport.unpark(looking);
            try {
                looking.join(PATIENCE_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Looks once; blocks on the file system and on what loading takes. */
    synchronized Look look() {
        PolicyFiles now = PolicyFiles.now(paths, others);
        if (now.equals(settled)) {
            changing = null;
            return Look.SAME;
        }
        if (!now.equals(changing)) {
            changing = now;
            return Look.CHANGING;
        }
        changing = null;
        settled = now;
        String there = now.content();
        if (there.equals(content)) {
            return Look.SAME;
        }
        content = there;
        return replace(now);
    }

    private Look replace(PolicyFiles now) {
        LoadedPolicies loaded;
        if (now.files().isEmpty()) {
            // Somebody moved them away; whoever wants no policies leaves an empty file.
            Problem gone = new Problem("policies.path", "", paths + ", no policy files", "*.conf or *.json");
            return refuse(List.of(gone));
        }
        List<Path> noFiles = now.noFiles();
        if (!noFiles.isEmpty()) {
            return refuse(noFiles.stream()
                    .map(path -> new Problem("policies.path", "", path + ", not a file", "a readable HOCON file"))
                    .toList());
        }
        try {
            loaded = loader.get();
        } catch (RuntimeException defect) {
            LOG.error("policies could not be read; those before stay in force", defect);
            return refuse(List.of());
        }
        if (!loaded.problems().isEmpty()) {
            return refuse(loaded.problems());
        }
        if (!swap.test(loaded)) {
            // Not for what the files say, so the same content is tried again.
            content = "";
            settled = new PolicyFiles(List.of());
            return refuse(List.of());
        }
        loaded.warnings().forEach(LOG::warn);
        swapped.increment();
        trouble = null;
        return Look.SWAPPED;
    }

    private Look refuse(List<Problem> problems) {
        refused.increment();
        trouble = "the policy files are not in force: "
                + (problems.isEmpty() ? "see the log" : problems.get(0).toString());
        if (!problems.isEmpty()) {
            LOG.warn(
                    "policies changed and are not put in force; those before stay. {} problems:\n{}",
                    problems.size(),
                    problems.stream().limit(MAX_LOGGED).map(Problem::toString).collect(Collectors.joining("\n")));
        }
        return Look.REFUSED;
    }

    private void watch(Duration interval) {
        Duration settle = interval.compareTo(SETTLE) < 0 ? interval : SETTLE;
        Duration next = interval;
        while (!closed) {
            LockSupport.parkNanos(next.toNanos());
            if (closed) {
                return;
            }
            try {
                next = look() == Look.CHANGING ? settle : interval;
            } catch (RuntimeException defect) {
                LOG.error("looking for changed policies failed", defect);
                next = interval;
            }
        }
    }
}
