package com.esperr.gateway.boot;

import com.esperr.gateway.admin.LiveConfig;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.telemetry.Audit;
import com.esperr.gateway.telemetry.MessageLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which configuration is in force while the gateway, or the decision service, runs. Whoever wants it read again, all go the same way: read,
 * check everything, make what requests are served with, and exchange it; whatever is wrong, what is in force stays. Thread-safe; blocks on
 * files.
 */
final class ConfigReload implements LiveConfig {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);
    private static final int MAX_LOGGED = 10;
    private static final int MAX_SHOWN = 100;
    private static final String START = "start";
    private static final String FILES = "files";
    private static final String KEPT = "config-kept";
    private static final String REPLACED = "config-replaced";

    /** Puts in force what nothing is wrong with. */
    interface Swap {
        /**
         * Does it.
         *
         * @throws IllegalArgumentException if it cannot be done after all; then everything is as before
         */
        Swapped put();
    }

    /**
     * What is in force now. Immutable.
     *
     * @param warnings what the operator should know about it
     * @param relief how what was in force before ends, which may take seconds, and comes when nothing else is left to exchange
     */
    record Swapped(List<String> warnings, Runnable relief) {}

    /** What runs by the configuration: the gateway, or the decision service. */
    interface Subject {
        /** What came of reading everything that {@code next} names; blocks on files. */
        Candidate check(Loaded<GatewayConfig> next);

        /** The keys of {@code next} that are others than in {@code before}, and cannot come into force without a restart. */
        List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next);
    }

    private final Subject subject;
    private final Audit audit;
    private final LongSupplier millis;
    private final Consumer<String[]> info;
    private final LongAdder done = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final ConfigWatch watch;
    private volatile Loaded<GatewayConfig> active;
    private volatile List<Path> files;
    private volatile State state;
    /** Guarded by this. */
    private boolean ended;

    private ConfigReload(
            Loaded<GatewayConfig> first, Subject subject, Audit audit, Consumer<String[]> info, LongSupplier millis) {
        this.subject = subject;
        this.audit = audit;
        this.info = info;
        this.millis = millis;
        this.active = first;
        this.files = first.files();
        this.state = stateWith(attempt(START, true, List.of(), List.of(), List.of(), List.of()));
        this.watch = new ConfigWatch(() -> files, () -> config().reload().interval(), () -> reload(FILES));
    }

    /** Shows that {@code first} is in force, and watches its files. */
    static ConfigReload begin(
            Loaded<GatewayConfig> first,
            Subject subject,
            Audit audit,
            Metrics metrics,
            LongSupplier millis,
            Parts parts) {
        ConfigReload reload = new ConfigReload(first, subject, audit, metrics.info(MeterName.CONFIG), millis);
        metrics.counter(MeterName.CONFIG_RELOADS, reload.done::sum, "ok");
        metrics.counter(MeterName.CONFIG_RELOADS, reload.refused::sum, "refused");
        metrics.gauge(MeterName.CONFIG_SINCE, () -> reload.state().since().toEpochMilli() / 1000.0);
        metrics.gauge(MeterName.CONFIG_RESTART, () -> reload.state().restart().size());
        reload.info.accept(new String[] {reload.state().hash()});
        parts.add(reload.watch).start();
        return reload;
    }

    /** What is in force. */
    GatewayConfig config() {
        return active.value();
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public String keys() {
        return active.render();
    }

    @Override
    public Attempt reload(String by) {
        FileStamps seen = FileStamps.now(files);
        Attempt attempt = read(by);
        if (!by.equals(FILES)) {
            watch.read(seen);
        }
        return attempt;
    }

    /** Waits for the end of what is being read; from then on nothing is, for the parts that it would exchange end. */
    synchronized void end() {
        ended = true;
    }

    private synchronized Attempt read(String by) {
        if (ended) {
            return refuse(
                    by, List.of(), List.of(new Problem("configuration", "", "the gateway ends", "one that runs")));
        }
        Loaded<GatewayConfig> next = active.again();
        files = Stream.concat(next.files().stream(), active.files().stream())
                .distinct()
                .toList();
        Candidate checked = subject.check(next);
        if (!checked.problems().isEmpty()) {
            return refuse(by, List.of(), checked.problems());
        }
        List<String> restart = subject.restart(active, next);
        if (!restart.isEmpty()) {
            // Part of it would not do: what is put in force is checked as a whole.
            next = next.keeping(active, restart::contains);
            checked = subject.check(next);
            if (!checked.problems().isEmpty()) {
                return refuse(by, restart, checked.problems());
            }
        }
        return replace(by, checked, restart);
    }

    private Attempt replace(String by, Candidate next, List<String> restart) {
        Swap swap = next.swap();
        if (swap == null) {
            return refuse(by, restart, List.of());
        }
        Loaded<GatewayConfig> before = active;
        String hash = next.loaded().hash();
        List<String> changed = next.loaded().changes(before);
        Swapped swapped;
        try {
            audit.record(REPLACED, by, Map.of("before", state.hash(), "after", hash));
            swapped = swap.put();
        } catch (IOException unrecorded) {
            return refuse(by, restart, List.of(problem("log.audit", unrecorded, "a file that can be written")));
        } catch (IllegalArgumentException unusable) {
            recordToo(KEPT, by, hash);
            return refuse(by, restart, List.of(problem("", unusable, "files that can be used")));
        }
        active = next.loaded();
        files = next.loaded().files();
        GatewayConfig config = active.value();
        if (!Objects.equals(before.value().log().audit(), config.log().audit())) {
            // Another record begins with where it comes from.
            recordToo(REPLACED, by, hash);
        }
        if (!config.log().equals(before.value().log())) {
            MessageLog.apply(config.log());
        }
        List<String> warnings = Stream.concat(next.warnings().stream(), swapped.warnings().stream())
                .toList();
        warnings.forEach(LOG::warn);
        done.increment();
        Attempt attempt = attempt(by, true, changed, restart, List.of(), warnings);
        state = stateWith(attempt);
        info.accept(new String[] {hash});
        LOG.info("configuration read again ({}): {} in force, changed: {}", by, hash, shown(changed));
        if (!restart.isEmpty()) {
            LOG.warn("configuration: needs a restart: {}", shown(restart));
        }
        swapped.relief().run();
        return attempt;
    }

    /** What has happened already, as far as it can be recorded. */
    private void recordToo(String event, String by, String after) {
        try {
            audit.record(event, by, Map.of("before", state.hash(), "after", after));
        } catch (IOException unrecorded) {
            LOG.warn("log.audit cannot be written: {}", unrecorded.toString());
        }
    }

    private Attempt refuse(String by, List<String> restart, List<Problem> problems) {
        refused.increment();
        Attempt attempt = attempt(
                by,
                false,
                List.of(),
                restart,
                problems.stream().map(Problem::toString).limit(MAX_SHOWN).toList(),
                List.of());
        State known = state;
        state = new State(known.hash(), known.since(), known.files(), known.restart(), attempt);
        LOG.warn("configuration read again ({}) and refused; {} stays in force", by, known.hash());
        attempt.problems().stream().limit(MAX_LOGGED).forEach(problem -> LOG.warn("configuration: {}", problem));
        if (problems.size() > MAX_LOGGED) {
            LOG.warn("configuration: {} more; esper-gateway check tells all", problems.size() - MAX_LOGGED);
        }
        return attempt;
    }

    private State stateWith(Attempt success) {
        return new State(
                active.hash(), success.at(), files.stream().map(Path::toString).toList(), success.restart(), success);
    }

    private Attempt attempt(
            String by,
            boolean ok,
            List<String> changed,
            List<String> restart,
            List<String> problems,
            List<String> warnings) {
        return new Attempt(Instant.ofEpochMilli(millis.getAsLong()), by, ok, changed, restart, problems, warnings);
    }

    private static Problem problem(String key, Exception cause, String expected) {
        return new Problem("configuration", key, String.valueOf(cause.getMessage()), expected);
    }

    private static String shown(List<String> keys) {
        List<String> some = new ArrayList<>(keys.subList(0, Math.min(keys.size(), MAX_LOGGED)));
        if (keys.size() > MAX_LOGGED) {
            some.add(keys.size() - MAX_LOGGED + " more");
        }
        return some.isEmpty() ? "nothing" : String.join(", ", some);
    }
}
