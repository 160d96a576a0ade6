package com.esperr.gateway.attestation;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.request.FieldReference;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code forward.attestation}. Immutable.
 *
 * @param key what is signed with, or null for no attestation
 * @param lifetime how long one is good for
 * @param entity the fields by which a visitor is known again
 */
public record AttestationConfig(@Nullable AttestationKey key, Duration lifetime, List<FieldReference> entity) {
    /** No attestation. */
    public static final AttestationConfig OFF = new AttestationConfig(null, Duration.ofMinutes(1), List.of());

    /** Reads the section. */
    public static AttestationConfig read(Section section) {
        return new AttestationConfig(
                AttestationKey.read(section),
                section.duration("lifetime", Duration.ofSeconds(1), Duration.ofHours(1)),
                section.parsedList("entity", "a field such as client_ip or cookie[session]", FieldReference::parse));
    }
}
