package com.esperr.gateway.keys;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of one API key. Immutable. A key is 256 random bits, so that a fast hash gives nothing away.
 *
 * @param id the part of the key that everybody may know
 * @param tenantId whose key it is
 * @param sha256 the hash of the whole key, in hexadecimal
 * @param created when it was made, RFC 3339
 * @param note what people want to know about it, or null
 * @param revoked when it ceased to be one, RFC 3339, or null
 */
public record KeyEntry(
        String id,
        String tenantId,
        String sha256,
        String created,
        @Nullable String note,
        @Nullable String revoked) {
    /** The same, not a key any more. */
    KeyEntry revokedAt(String moment) {
        return new KeyEntry(id, tenantId, sha256, created, note, moment);
    }
}
