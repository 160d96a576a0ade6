package com.esperr.gateway.admin;

import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.telemetry.Figures;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the dashboard shows, as JSON: the numbers of the catalogue by their names, so that it shows nothing that a scrape does not.
 * Confined to the admin thread.
 */
final class Overview {
    /** What is shown besides {@link Trend#READ}; of these the script knows the names and labels. */
    static final Set<MeterName> SHOWN = EnumSet.of(
            MeterName.RUNNING,
            MeterName.FAIL_OPEN,
            MeterName.DECISIONS_OBSERVED,
            MeterName.CLIENT_CONNECTIONS,
            MeterName.REQUESTS_OPEN,
            MeterName.TUNNELS,
            MeterName.MAINTENANCE,
            MeterName.PAUSE,
            MeterName.PAUSE_HELD,
            MeterName.DIRECT_MEMORY,
            MeterName.UPSTREAM_CONNECTIONS,
            MeterName.UPSTREAM_WAITING,
            MeterName.UPSTREAM_ENDPOINT_UP,
            MeterName.UPSTREAM_ENDPOINT_LOAD,
            MeterName.UPSTREAM_EJECTIONS,
            MeterName.MITIGATIONS,
            MeterName.MITIGATIONS_DROPPED,
            MeterName.WINDOWS,
            MeterName.STATE_CONNECTED,
            MeterName.STATE_PENDING,
            MeterName.BREAKER_OPEN,
            MeterName.DECISION_WAITING,
            MeterName.DECISION_LIMIT,
            MeterName.DECISION_ANSWERS,
            MeterName.DECISION_QUESTION_FAILURES,
            MeterName.DECISION_CACHE_HITS,
            MeterName.DECISION_CACHE_ENTRIES,
            MeterName.HYBRID_LOOKUPS,
            MeterName.HYBRID_ENTRIES,
            MeterName.HYBRID_FEED_AGE,
            MeterName.HYBRID_FEED_CONNECTED,
            MeterName.HYBRID_FEED_ENTRIES,
            MeterName.HYBRID_FEED_RESYNCS,
            MeterName.BEACON_SENT,
            MeterName.BEACON_FAILURES,
            MeterName.BEACON_DROPPED,
            MeterName.BEACON_DEAD_LETTERS,
            MeterName.BEACON_WAITING,
            MeterName.BEACON_SPOOL_EVENTS,
            MeterName.BEACON_SPOOL_BYTES,
            MeterName.BEACON_SPOOL_FILE_BYTES,
            MeterName.BEACON_OLDEST_SECONDS,
            MeterName.CHALLENGES_ISSUED,
            MeterName.CHALLENGES_LOADED,
            MeterName.CHALLENGES_SUBMITTED,
            MeterName.CHALLENGES_SOLVED,
            MeterName.CHALLENGES_REJECTED,
            MeterName.PASSES,
            MeterName.PROOFS,
            MeterName.SERVER_KEYS,
            MeterName.SERVER_CONNECTIONS,
            MeterName.SERVER_FEED_SUBSCRIBERS,
            MeterName.SERVER_RATE_LIMITED,
            MeterName.SERVER_CHALLENGES);

    private static final JsonFactory JSON = new JsonFactory();
    private static final double ROUND = 1e6;

    private final Terms terms;
    private final Trend trend = new Trend();
    private final Tables tables;
    private final Set<MeterName> all = EnumSet.copyOf(SHOWN);

    /**
     * What there is to show.
     *
     * @param checks what must be in order
     * @param engines of each tenant, or with each set of policies; empty if policies decide nothing here
     * @param recent newest explanations, a line of JSON each, as many as asked for
     * @param nanos the clock for rates
     * @param millis the clock for people
     */
    record Terms(
            Metrics metrics,
            Supplier<List<ReadinessCheck>> checks,
            Tenants<PolicyEngine> engines,
            Newest recent,
            LongSupplier nanos,
            LongSupplier millis) {}

    /** Gives the newest of something, at most {@code limit}, a line each. */
    interface Newest {
        /** The lines. */
        String lines(int limit);
    }

    Overview(Terms terms) {
        this.terms = terms;
        this.tables = new Tables(terms.engines(), terms.recent());
        all.addAll(Trend.READ);
    }

    /** Remembers how things stand, for whoever looks later. */
    void remember() {
        trend.add(terms.metrics().figures(Trend.READ), terms.nanos().getAsLong(), millis());
    }

    /** How things stand now; remembered as well. */
    String now() {
        Figures figures = terms.metrics().figures(all);
        trend.add(figures, terms.nanos().getAsLong(), millis());
        List<double[]> points = trend.points();
        return text(json -> {
            json.writeNumberField("time", millis());
            checks(json);
            json.writeFieldName("point");
            write(json, points.isEmpty() ? new double[0] : points.get(points.size() - 1));
            json.writeObjectFieldStart("meters");
            for (MeterName name : all) {
                write(json, name, figures.samples(name));
            }
            json.writeEndObject();
        });
    }

    /** The lines that are drawn, as far as they are known. */
    String history() {
        return text(json -> {
            json.writeFieldName("names");
            json.writeArray(Trend.NAMES.toArray(String[]::new), 0, Trend.NAMES.size());
            json.writeArrayFieldStart("points");
            for (double[] point : trend.points()) {
                write(json, point);
            }
            json.writeEndArray();
        });
    }

    /** What came of policies, the newest decisions, and whom something can be ordered for. */
    String tables() {
        return text(tables::write);
    }

    private long millis() {
        return terms.millis().getAsLong();
    }

    private void checks(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("checks");
        for (ReadinessCheck check : terms.checks().get()) {
            String trouble = check.ask();
            json.writeStartObject();
            json.writeStringField("name", check.name());
            if (trouble != null) {
                json.writeStringField("trouble", trouble);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A meter as pairs of labels and number; counts of nothing are left out where there are labels. */
    private static void write(JsonGenerator json, MeterName name, List<Figures.Sample> samples) throws IOException {
        if (samples.isEmpty()) {
            return;
        }
        boolean sparse = !name.labels().isEmpty() && name.exposed().endsWith("_total");
        json.writeArrayFieldStart(name.exposed());
        for (Figures.Sample sample : samples) {
            if (sparse && sample.value() == 0) {
                continue;
            }
            json.writeStartArray();
            json.writeArray(
                    sample.labels().toArray(String[]::new), 0, sample.labels().size());
            number(json, sample.value());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, double[] numbers) throws IOException {
        json.writeStartArray();
        for (double number : numbers) {
            number(json, number);
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, double number) throws IOException {
        if (Double.isFinite(number)) {
            double rounded = Math.rint(number * ROUND) / ROUND;
            if (rounded == Math.rint(rounded)) {
                json.writeNumber((long) rounded);
            } else {
                json.writeNumber(rounded);
            }
        } else {
            json.writeNull();
        }
    }

    private static String text(Members members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** Writes the members of an object. */
    private interface Members {
        /** Writes them. */
        void write(JsonGenerator json) throws IOException;
    }
}
