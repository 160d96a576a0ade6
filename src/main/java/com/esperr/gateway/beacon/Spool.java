package com.esperr.gateway.beacon;

import com.esperr.gateway.beacon.BeaconCounts.SpoolState;
import com.esperr.gateway.state.StateKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on disk in the order of their coming, at most so many and so many bytes of them: one file, written in versions of
 * which the last complete one counts, whatever the process or the machine came to. Confined to one thread, which blocks.
 */
final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    /** The first, unless another process has it that is about to end. */
    static final List<String> FILES = List.of("events.mv", "events.2.mv", "events.3.mv", "events.4.mv");

    private static final String DAMAGED = "events.damaged.mv";
    private static final int CACHE_MIB = 4;
    private static final String NEXT = "next";
    private static final String BYTES = "bytes";
    private static final String GENERATION = "generation";
    // Copies of pages that are left over after an outage are given back to the disk in steps that nobody notices.
    private static final int COMPACT_MILLIS = 20;
    private static final long WASTE_BYTES = 4 << 20;

    private final SpoolConfig config;
    private final Path file;
    private final MVStore store;
    private final MVMap<Long, byte[]> events;
    private final MVMap<String, Long> facts;
    private final MVMap<Long, byte[]> keys;
    private long next;
    private long bytes;

    private Spool(SpoolConfig config, Path file, MVStore store) {
        this.config = config;
        this.file = file;
        this.store = store;
        this.events = events(store);
        this.facts = store.openMap(
                "facts",
                new MVMap.Builder<String, Long>()
                        .keyType(StringDataType.INSTANCE)
                        .valueType(LongDataType.INSTANCE));
        // Beside the events, so that gateways that know nothing of keys read and write the same file.
        this.keys = store.openMap(
                "keys",
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
        this.next = fact(NEXT);
        this.bytes = fact(BYTES);
    }

    /**
     * Opens the spool in its directory, which is made if it is not there. A damaged file is put aside: requests matter more
     * than what was to be told about earlier ones.
     *
     * @param beside whether another file may be taken while another process has the first one; one that is there, and that nobody has, rather
     *     than a new one, because it is most likely that of this process
     * @throws IOException if it cannot be opened; the message names the key
     */
    static Spool open(SpoolConfig config, boolean beside) throws IOException {
        Path directory = config.directory();
        List<String> names = FILES.stream()
                .limit(beside ? FILES.size() : 1)
                .sorted(Comparator.comparing(name -> !Files.exists(directory.resolve(name))))
                .toList();
        for (String name : names) {
            Spool spool = openUnlessLocked(config, directory.resolve(name));
            if (spool != null) {
                return spool;
            }
        }
        throw refused(config, "in use by another process", "a directory of the gateway's own", null);
    }

    private static @Nullable Spool openUnlessLocked(SpoolConfig config, Path file) throws IOException {
        Object key;
        try {
            PrivateFiles.directory(config.directory());
            key = key(PrivateFiles.file(file));
        } catch (IOException e) {
            throw refused(config, "cannot be written: " + e, "a directory of the gateway's own", e);
        }
        try {
            MVStore store = store(file);
            if (!Objects.equals(key(file), key)) {
                // Between the two another process has taken what was in it, and the file away.
                store.closeImmediately();
                return null;
            }
            return new Spool(config, file, store);
        } catch (MVStoreException e) {
            if (isLocked(e)) {
                return null;
            }
            if (!isDamaged(e)) {
                throw refused(config, "cannot be opened: " + e, "a directory that can be written", e);
            }
            putAside(file, e);
            return new Spool(config, file, store(PrivateFiles.file(file)));
        }
    }

    /** What stands for the file itself, whatever it is called; null if it is gone, or where there is no such thing. */
    static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    /** Makes room for another file of that name. */
    static void putAside(Path file, MVStoreException damage) throws IOException {
        Path aside = file.resolveSibling(DAMAGED);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.error("beacon: {} is damaged and was moved to {}: {}", file, aside, damage.getMessage());
    }

    /** Whether another process, or another store of this one, has the file. */
    static boolean isLocked(MVStoreException refused) {
        return refused.getErrorCode() == DataUtils.ERROR_FILE_LOCKED;
    }

    static boolean isDamaged(MVStoreException refused) {
        return refused.getErrorCode() == DataUtils.ERROR_FILE_CORRUPT;
    }

    static MVMap<Long, byte[]> events(MVStore store) {
        return store.openMap(
                "events",
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }

    static MVStore store(Path file) {
        MVStore store = new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .cacheSize(CACHE_MIB)
                .open();
        // Freed places may be written again at once: every version is forced to disk before the next one begins.
        store.setRetentionTime(0);
        store.setVersionsToKeep(0);
        return store;
    }

    private static IOException refused(SpoolConfig config, String what, String expected, @Nullable Exception cause) {
        return new IOException(
                "beacon.spool.directory: " + config.directory() + " " + what + " (expected: " + expected + ")", cause);
    }

    /** Adds an event of another spool at the end, as that has kept it; what it may teach is forgotten. */
    void adopt(byte[] stored) {
        append(event(stored), ByteBuffer.wrap(stored).getLong(), null);
    }

    /** The number of the next event. */
    long next() {
        return next;
    }

    /** No event from now on has a number below {@code least}. */
    void atLeast(long least) {
        next = Math.max(next, least);
    }

    /** The file it is in. */
    Path file() {
        return file;
    }

    /** Adds an event at the end. It is safe after the next {@link #commit}. */
    Spooled append(byte[] event, long nowMillis, @Nullable StateKey key) {
        Spooled spooled = new Spooled(next++, event, nowMillis, key);
        if (key != null) {
            keys.put(
                    spooled.sequence(),
                    ByteBuffer.allocate(2 * Long.BYTES)
                            .putLong(key.high())
                            .putLong(key.low())
                            .array());
        }
        events.put(
                spooled.sequence(),
                ByteBuffer.allocate(Long.BYTES + event.length)
                        .putLong(nowMillis)
                        .put(event)
                        .array());
        bytes += event.length;
        return spooled;
    }

    /** From now on keys are of {@code generation}; those of another mean nothing any more. */
    void generation(long generation) {
        if (fact(GENERATION) != generation || keys.sizeAsLong() > events.sizeAsLong()) {
            keys.clear();
            facts.put(GENERATION, generation);
        }
    }

    /** Removes the oldest events until there is room for all; how many it cost. */
    long trim() {
        long removed = 0;
        while (events.sizeAsLong() > config.events() || bytes > config.bytes()) {
            Long first = events.firstKey();
            if (first == null || !remove(first)) {
                break;
            }
            removed++;
        }
        return removed;
    }

    /** Removes one event; false if it was not there. */
    boolean remove(long sequence) {
        byte[] removed = events.remove(sequence);
        if (removed == null) {
            return false;
        }
        bytes -= removed.length - Long.BYTES;
        keys.remove(sequence);
        return true;
    }

    /** Makes everything so far safe against the end of the process and of the machine. */
    void commit() {
        facts.put(NEXT, next);
        facts.put(BYTES, bytes);
        store.commit();
        store.sync();
    }

    /** Gives unused parts of the file back to the disk, if they are worth it, for a few milliseconds. */
    void compact() {
        if (store.getFileStore().size() > 2 * bytes + WASTE_BYTES) {
            store.compactFile(COMPACT_MILLIS);
        }
    }

    /** The events behind {@code sequence}, oldest first: at most so many, and no more bytes unless the first alone has more. */
    List<Spooled> after(long sequence, int most, long mostBytes) {
        List<Spooled> found = new ArrayList<>();
        Cursor<Long, byte[]> cursor = events.cursor(sequence + 1);
        long left = mostBytes;
        while (found.size() < most && cursor.hasNext()) {
            long key = cursor.next();
            byte[] stored = cursor.getValue();
            byte[] event = event(stored);
            left -= event.length;
            if (left < 0 && !found.isEmpty()) {
                break;
            }
            found.add(new Spooled(key, event, ByteBuffer.wrap(stored).getLong(), key(key)));
        }
        return found;
    }

    /** The newest events, oldest first. */
    List<Spooled> last(int most) {
        Deque<Spooled> found = new ArrayDeque<>();
        Iterator<Long> keys = events.keyIteratorReverse(null);
        while (found.size() < most && keys.hasNext()) {
            long key = keys.next();
            byte[] stored = events.get(key);
            if (stored != null) {
                found.addFirst(new Spooled(key, event(stored)));
            }
        }
        return List.copyOf(found);
    }

    /** The sequence before the first event that is on disk, or that is yet to come. */
    long beforeFirst() {
        Long first = events.firstKey();
        return (first == null ? next : first) - 1;
    }

    SpoolState state() {
        Long first = events.firstKey();
        byte[] oldest = first == null ? null : events.get(first);
        return new SpoolState(
                events.sizeAsLong(),
                bytes,
                store.getFileStore().size(),
                oldest == null ? -1 : ByteBuffer.wrap(oldest).getLong());
    }

    /** Ends without making anything safe that is not. */
    void abandon() {
        store.closeImmediately();
    }

    /** Makes everything safe and lets the file go. */
    @Override
    public void close() {
        commit();
        store.close();
    }

    private long fact(String name) {
        Long value = facts.get(name);
        return value == null ? 0 : value;
    }

    private @Nullable StateKey key(long sequence) {
        byte[] key = keys.get(sequence);
        if (key == null) {
            return null;
        }
        ByteBuffer halves = ByteBuffer.wrap(key);
        return new StateKey(halves.getLong(), halves.getLong());
    }

    private static byte[] event(byte[] stored) {
        byte[] event = new byte[stored.length - Long.BYTES];
        System.arraycopy(stored, Long.BYTES, event, 0, event.length);
        return event;
    }
}
