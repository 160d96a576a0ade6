package com.esperr.gateway.telemetry;

import com.esperr.gateway.bound.Fill;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry behind {@code /metrics}: hands out the meters of the {@link MeterName catalogue} and nothing else, takes
 * gauges that are read when somebody asks, and knows the basics of the JVM. Thread-safe. Look-ups cost; whoever counts per
 * request keeps its meters.
 */
public final class Metrics implements AutoCloseable {
    private static final int SCRAPE_BYTES = 64 * 1024;

    private final Exemplars exemplars = new Exemplars();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, exemplars);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Object reading = new Object();
    private final Map<Reading.Key, Reading> readings = new ConcurrentHashMap<>();
    private final Fills fills = new Fills(this);

    /** A registry with the meters of the JVM and the process. */
    public Metrics() {
        registry.throwExceptionOnRegistrationFailure();
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new ResidentMemory().bindTo(registry);
    }

    /**
     * Shows {@code value} under {@code name}, in place of what was shown there; it is called on the scraping thread and must not
     * block.
     */
    public void gauge(MeterName name, DoubleSupplier value, String... labels) {
        readings.computeIfAbsent(Reading.key(name, labels), key -> {
                    Reading reading = new Reading();
                    return reading.shownAs(Gauge.builder(name.exposed(), reading, Reading::value)
                            .description(name.help())
                            .tags(tags(name, labels))
                            // Whoever registers a lambda keeps no reference to it.
                            .strongReference(true)
                            .register(registry));
                })
                .of(value);
    }

    /** Shows what was registered under {@code name} and these labels no more. */
    public void forget(MeterName name, String... labels) {
        Reading known = readings.remove(Reading.key(name, labels));
        Meter shown = known == null ? null : known.meter();
        if (shown != null) {
            synchronized (reading) {
                registry.remove(shown);
            }
        }
    }

    /**
     * Shows 1 under {@code name} with the labels that the returned function was given last, and with none before that.
     */
    public Consumer<String[]> info(MeterName name) {
        MultiGauge gauge =
                MultiGauge.builder(name.exposed()).description(name.help()).register(registry);
        return labels -> exchange(gauge, List.of(MultiGauge.Row.of(Tags.of(tags(name, labels)), 1)));
    }

    /** Shows under {@code name}, which has one label, what the returned function was given last. */
    public Consumer<Map<String, DoubleSupplier>> gauges(MeterName name) {
        MultiGauge gauge =
                MultiGauge.builder(name.exposed()).description(name.help()).register(registry);
        return values -> exchange(
                gauge,
                values.entrySet().stream()
                        .map(one -> MultiGauge.Row.of(
                                Tags.of(tags(name, one.getKey())),
                                () -> one.getValue().getAsDouble()))
                        .toList());
    }

    /** Not while somebody reads: for a moment rows are there twice, or not at all. */
    private void exchange(MultiGauge gauge, List<? extends MultiGauge.Row<?>> rows) {
        synchronized (reading) {
            gauge.register(new ArrayList<>(rows), true);
        }
    }

    /**
     * Shows a count that somebody else keeps and that never falls; called on the scraping thread. What was counted before under the
     * same name and labels by somebody else is added.
     */
    public void counter(MeterName name, LongSupplier value, String... labels) {
        readings.computeIfAbsent(Reading.key(name, labels), key -> {
                    Reading reading = new Reading();
                    // The registry holds the function, but refers only weakly to the object that it is applied to: were
                    // that the reading, the last number would be shown for ever once it is collected.
                    return reading.shownAs(FunctionCounter.builder(name.exposed(), this, metrics -> reading.value())
                            .description(name.help())
                            .tags(tags(name, labels))
                            .register(registry));
                })
                .countedBy(value);
    }

    /** Shows how full that is, together with others of its kind. */
    public void show(Fill fill) {
        fills.add(fill);
    }

    /** Shows how full these are in place of those that this was told of last. */
    public void showInstead(Collection<Fill> now) {
        fills.replace(List.copyOf(now));
    }

    /** What is counted now, in the form that the Accept value {@code accept} likes best. */
    public Scrape scrape(@Nullable String accept) {
        ScrapeFormat format = ScrapeFormat.preferred(accept);
        ByteArrayOutputStream body = new ByteArrayOutputStream(SCRAPE_BYTES);
        try {
            synchronized (reading) {
                registry.scrape(body, format.contentType());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Scrape(format.contentType(), body.toByteArray());
    }

    /** What is counted now under {@code names}. */
    public Figures figures(Set<MeterName> names) {
        synchronized (reading) {
            return new Figures(registry.getMeters(), names);
        }
    }

    /** Stops listening to the garbage collector. */
    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    /** Which trace it is that this thread just counts. */
    Exemplars exemplars() {
        return exemplars;
    }

    /** The counter of this name and these label values, the same one every time. */
    Counter counter(MeterName name, String... labels) {
        return Counter.builder(name.exposed())
                .description(name.help())
                .tags(tags(name, labels))
                .register(registry);
    }

    /** The histogram of this name and these label values, the same one every time. */
    Timer timer(MeterName name, List<Duration> buckets, String... labels) {
        return Timer.builder(name.exposed())
                .description(name.help())
                .tags(tags(name, labels))
                .serviceLevelObjectives(buckets.toArray(new Duration[0]))
                .register(registry);
    }

    private static List<Tag> tags(MeterName name, String... values) {
        if (values.length != name.labels().size()) {
            throw new IllegalArgumentException(
                    name.exposed() + ": " + values.length + " label values (expected: " + name.labels() + ")");
        }
        List<Tag> tags = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(name.labels().get(i), values[i]));
        }
        return tags;
    }
}
