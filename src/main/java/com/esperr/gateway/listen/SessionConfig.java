package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.transport.CaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code listen.tls.sessions}: how visitors who come back are spared a full handshake. Immutable.
 *
 * @param cache how many sessions of visitors without tickets are remembered, for each certificate
 * @param timeout how long a session may be resumed, and how long a key encrypts tickets
 * @param ticketKeyFile the keys of tickets, which replicas share, or null for keys of this process
 */
record SessionConfig(int cache, Duration timeout, @Nullable Path ticketKeyFile) {
    private static final int MOST_CACHED = 10_000_000;

    /** Reads the section. */
    static SessionConfig read(Section section) {
        Path file = CaFile.readable(section, "ticket-key-file");
        SessionConfig config = new SessionConfig(
                section.integer("cache", 1, MOST_CACHED),
                section.duration("timeout", Duration.ofMinutes(1), Duration.ofDays(7)),
                file);
        if (file != null) {
            try {
                TicketKeys.parse(Files.readAllBytes(file));
            } catch (IOException | IllegalArgumentException unusable) {
                section.problem("ticket-key-file", file.toString(), TicketKeys.EXPECTED);
            }
        }
        return config;
    }
}
