package com.esperr.gateway.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How much memory the process really holds, heap and everything beside it, where the system says so. Immutable; read on the
 * scraping thread.
 */
final class ResidentMemory implements MeterBinder {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String LINE = "VmRSS:";

    @Override
    public void bindTo(MeterRegistry registry) {
        if (Files.isReadable(STATUS)) {
            Gauge.builder("process_resident_memory_bytes", ResidentMemory::read)
                    .description("Resident memory of the process.")
                    .register(registry);
        }
    }

    /** The bytes, or NaN when the system does not say. */
    static double read() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(LINE)) {
                    return kibibytes(line.substring(LINE.length()));
                }
            }
        } catch (IOException e) {
            return Double.NaN;
        }
        return Double.NaN;
    }

    private static double kibibytes(String text) {
        String number = text.toLowerCase(Locale.ROOT).replace("kb", "").strip();
        return Long.parseLong(number) * 1024.0;
    }
}
