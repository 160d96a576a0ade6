package com.esperr.gateway.beacon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that another process has left in the directory of the spool, in a file of its own, when it ended: they go on in the spool of this
 * one, a few at a time, and the file goes with the last. Confined to the thread of the spool, which blocks.
 */
final class Leftovers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final int BATCH = 1024;
    private static final long BATCH_BYTES = 4 << 20;
    /** How often nothing is looked at after it did not work; about a minute. */
    private static final int PAUSE = 60;

    private final Path directory;
    private @Nullable MVStore store;
    private @Nullable Path file;
    /** The file of which everything up to {@link #taken} is in the spool of this process, whether or not it could be removed there. */
    private @Nullable Object known;

    private long taken = -1;
    private long moved;
    private int pause;

    Leftovers(Path directory) {
        this.directory = directory;
    }

    /** Moves some of them, if there are any, to the end of {@code spool}, where they are safe when this returns; how many. */
    int moveSome(Spool spool) {
        if (pause > 0) {
            pause--;
            return 0;
        }
        List<byte[]> batch = new ArrayList<>();
        long last;
        try {
            MVStore from = store == null ? open(spool) : store;
            if (from == null) {
                return 0;
            }
            // All of it before any of it is taken: what cannot be read must not be sent half, again and again.
            last = read(from, batch);
        } catch (IOException | RuntimeException failed) {
            failed(failed);
            return 0;
        }
        batch.forEach(spool::adopt);
        // In this order a crash before the next step costs a second delivery, under the same key, and no event.
        spool.commit();
        taken = last;
        moved += batch.size();
        try {
            forget();
        } catch (IOException | RuntimeException failed) {
            failed(failed);
        }
        return batch.size();
    }

    private @Nullable MVStore open(Spool spool) throws IOException {
        for (String name : Spool.FILES) {
            Path other = directory.resolve(name);
            if (!other.equals(spool.file()) && Files.exists(other)) {
                file = other;
                MVStore found = openUnlessLocked(other);
                if (found != null) {
                    store = found;
                    Object key = Spool.key(other);
                    if (key == null || !Objects.equals(key, known)) {
                        known = key;
                        taken = -1;
                        moved = 0;
                    }
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable MVStore openUnlessLocked(Path other) {
        try {
            return Spool.store(other);
        } catch (MVStoreException refused) {
            if (Spool.isLocked(refused)) {
                return null;
            }
            throw refused;
        }
    }

    /** Adds what comes behind {@link #taken}, at most so much; answers the number of the last. */
    private long read(MVStore from, List<byte[]> batch) {
        Cursor<Long, byte[]> cursor = Spool.events(from).cursor(taken + 1);
        long last = taken;
        long left = BATCH_BYTES;
        while (batch.size() < BATCH && left > 0 && cursor.hasNext()) {
            last = cursor.next();
            batch.add(cursor.getValue());
            left -= cursor.getValue().length;
        }
        return last;
    }

    private void forget() throws IOException {
        MVStore from = Objects.requireNonNull(store);
        MVMap<Long, byte[]> events = Spool.events(from);
        Long first = events.firstKey();
        while (first != null && first <= taken) {
            events.remove(first);
            first = events.firstKey();
        }
        from.commit();
        if (first == null) {
            end(from);
        }
    }

    /** While it is still locked, so that nobody begins to write into a file that has gone. */
    private void end(MVStore from) throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
        from.closeImmediately();
        store = null;
        // The next file may well be told by the same key, and has numbers of its own.
        known = null;
        if (moved > 0) {
            LOG.info("beacon: took over {} events that another process had left", moved);
        }
    }

    private void failed(Exception cause) {
        close();
        Path other = file;
        if (cause instanceof MVStoreException damage && Spool.isDamaged(damage) && other != null) {
            try {
                Spool.putAside(other, damage);
                return;
            } catch (IOException failed) {
                LOG.debug("beacon: {} cannot be moved", other, failed);
            }
        }
        pause = PAUSE;
        LOG.warn("beacon: {}, which another process has left, is tried again in a minute: {}", other, cause.toString());
    }

    /** Lets go of the file; what is left in it is for whoever looks next. */
    @Override
    public void close() {
        MVStore open = store;
        if (open != null) {
            store = null;
            open.closeImmediately();
        }
    }
}
