package com.esperr.gateway.beacon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final Path directory;
    private @Nullable MVStore store;
    private @Nullable Path file;
    private long moved;

    Leftovers(Path directory) {
        this.directory = directory;
    }

    /** Moves some of them, if there are any, to the end of {@code spool}, where they are safe when this returns; how many. */
    int moveSome(Spool spool) {
        MVStore from = store == null ? open(spool) : store;
        if (from == null) {
            return 0;
        }
        try {
            MVMap<Long, byte[]> events = Spool.events(from);
            Cursor<Long, byte[]> cursor = events.cursor(null);
            int count = 0;
            while (count < BATCH && cursor.hasNext()) {
                cursor.next();
                spool.adopt(cursor.getValue());
                count++;
            }
            // In this order a crash between the two costs a second delivery, under the same key, and no event.
            spool.commit();
            Long first = events.firstKey();
            for (int removed = 0; removed < count && first != null; removed++) {
                events.remove(first);
                first = events.firstKey();
            }
            from.commit();
            moved += count;
            if (first == null) {
                end(from);
            }
            return count;
        } catch (IOException | MVStoreException failed) {
            LOG.warn("beacon: {} cannot be read any further: {}", file, failed.toString());
            close();
            return 0;
        }
    }

    private @Nullable MVStore open(Spool spool) {
        for (String name : Spool.FILES) {
            Path other = directory.resolve(name);
            if (!other.equals(spool.file()) && Files.exists(other)) {
                MVStore found = openUnlessLocked(other);
                if (found != null) {
                    store = found;
                    file = other;
                    moved = 0;
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
            if (Spool.isDamaged(refused)) {
                putAside(other, refused);
            }
            return null;
        }
    }

    private static void putAside(Path other, MVStoreException damage) {
        try {
            Spool.putAside(other, damage);
        } catch (IOException failed) {
            LOG.warn("beacon: {} can neither be read nor moved: {}", other, failed.toString());
        }
    }

    /** While it is still locked, so that nobody begins to write into a file that has gone. */
    private void end(MVStore from) throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
        from.closeImmediately();
        store = null;
        if (moved > 0) {
            LOG.info("beacon: took over {} events that another process had left", moved);
        }
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
