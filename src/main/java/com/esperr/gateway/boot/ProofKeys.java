package com.esperr.gateway.boot;

import com.esperr.gateway.challenge.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets of proofs of the decision service, as they were in their file when it was read. Immutable.
 *
 * @param file where they are, or null if they are of this process alone
 */
record ProofKeys(@Nullable Path file, KeyRing ring) {
    private static final Logger LOG = LoggerFactory.getLogger(ProofKeys.class);

    /**
     * Those of {@code file}, which is made if it was never there; blocks on it. If it is gone, those of {@code before} go on: new ones would
     * make every proof worth nothing.
     *
     * @param before those in force, or null
     * @throws IOException if it cannot be used; the message names the key
     */
    static ProofKeys open(@Nullable Path file, @Nullable ProofKeys before) throws IOException {
        if (file == null) {
            return new ProofKeys(null, KeyRing.random());
        }
        if (before != null && file.equals(before.file) && !Files.isReadable(file)) {
            LOG.warn("server.challenge.key-file: {} cannot be read; the keys of before stay in force", file);
            return before;
        }
        try {
            return new ProofKeys(file, KeyRing.open(file));
        } catch (IOException unusable) {
            throw new IOException("server.challenge.key-file: " + unusable.getMessage(), unusable);
        }
    }
}
