package com.esperr.gateway.telemetry;

import io.micrometer.core.instrument.Meter;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A number that somebody keeps, and that somebody else may keep later, such as the origin of a new configuration in place of the one
 * of the same name. Thread-safe.
 */
final class Reading {
    private DoubleSupplier now = () -> 0;
    private double before;
    private volatile @Nullable Meter meter;

    /** Which number it is. */
    record Key(MeterName name, List<String> labels) {}

    static Key key(MeterName name, String... labels) {
        return new Key(name, List.of(labels));
    }

    /** Remembers how it is shown. */
    Reading shownAs(Meter shown) {
        meter = shown;
        return this;
    }

    @Nullable
    Meter meter() {
        return meter;
    }

    /** From now on it is {@code value}. */
    synchronized void of(DoubleSupplier value) {
        now = value;
    }

    /** From now on {@code count} goes on counting. */
    synchronized void countedBy(LongSupplier count) {
        before += now.getAsDouble();
        now = count::getAsLong;
    }

    synchronized double value() {
        return before + now.getAsDouble();
    }
}
