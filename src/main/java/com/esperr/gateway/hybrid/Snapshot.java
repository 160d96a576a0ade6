package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What lets mitigations outlive the process: the seed of the keys and the entries of each feed, with a checksum behind
 * them. Immutable; reading and writing block.
 *
 * @param seed the secret under which the keys were hashed
 * @param told what each feed told, by its name
 */
record Snapshot(HashSeed seed, Map<String, Told> told) {
    private static final int MAGIC = 0x45485942;
    private static final int VERSION = 3;
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_MEMO = 1 << 20;
    private static final Action[] ACTIONS = Action.values();

    /**
     * What one feed told.
     *
     * @param memo what it needs to recognise visitors, or null
     * @param entries the mitigations
     */
    record Told(@Nullable String memo, Map<StateKey, Mitigation> entries) {}

    /**
     * Reads a snapshot, leaving out what has expired at {@code nowMillis} and what is more than {@code most}.
     *
     * @throws IOException if it cannot be read, was cut off or is not a snapshot
     */
    static Snapshot read(Path file, long nowMillis, long most) throws IOException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            CheckedInputStream checked = new CheckedInputStream(bytes, new CRC32());
            DataInputStream in = new DataInputStream(checked);
            if (in.readInt() != MAGIC) {
                throw new IOException("not a snapshot");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw new IOException("version " + version + " (expected: " + VERSION + ")");
            }
            HashSeed seed = new HashSeed(in.readLong(), in.readLong());
            Map<String, Told> told = new HashMap<>();
            long left = most;
            for (int feeds = in.readInt(); feeds > 0; feeds--) {
                String name = in.readUTF();
                String memo = readMemo(in);
                Map<StateKey, Mitigation> entries = readEntries(in, nowMillis, left);
                left -= entries.size();
                told.put(name, new Told(memo, entries));
            }
            long computed = checked.getChecksum().getValue();
            if (in.readLong() != computed) {
                throw new IOException("the checksum does not match");
            }
            return new Snapshot(seed, told);
        }
    }

    private static @Nullable String readMemo(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        if (length > LONGEST_MEMO) {
            throw new IOException("a memo of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<StateKey, Mitigation> readEntries(DataInputStream in, long nowMillis, long most)
            throws IOException {
        Map<StateKey, Mitigation> entries = new LinkedHashMap<>();
        for (int count = in.readInt(); count > 0; count--) {
            StateKey key = new StateKey(in.readLong(), in.readLong());
            Mitigation mitigation = readEntry(in);
            if (mitigation.expiresAtMillis() > nowMillis && entries.size() < most) {
                entries.put(key, mitigation);
            }
        }
        return entries;
    }

    private static Mitigation readEntry(DataInputStream in) throws IOException {
        int action = in.readUnsignedByte();
        if (action >= ACTIONS.length) {
            throw new IOException("action " + action + " is not known");
        }
        long expires = in.readLong();
        String redirectUrl = readText(in);
        Mitigation.Place place = redirectUrl == null
                ? null
                : new Mitigation.Place(redirectUrl, new StateKey(in.readLong(), in.readLong()));
        return new Mitigation(ACTIONS[action], expires, place, readText(in), readText(in));
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    /** Puts the snapshot in place of {@code file}, as a whole, so that a crash leaves the older one. */
    void write(Path file) throws IOException {
        ReplacedFile.write(file, this::write);
    }

    private void write(OutputStream stream) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(new BufferedOutputStream(stream, BUFFER), new CRC32());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeLong(seed.first());
        out.writeLong(seed.second());
        out.writeInt(told.size());
        for (Map.Entry<String, Told> feed : told.entrySet()) {
            out.writeUTF(feed.getKey());
            writeMemo(out, feed.getValue().memo());
            out.writeInt(feed.getValue().entries().size());
            for (Map.Entry<StateKey, Mitigation> entry :
                    feed.getValue().entries().entrySet()) {
                writeEntry(out, entry.getKey(), entry.getValue());
            }
        }
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static void writeMemo(DataOutputStream out, @Nullable String memo) throws IOException {
        if (memo == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = memo.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void writeEntry(DataOutputStream out, StateKey key, Mitigation mitigation) throws IOException {
        out.writeLong(key.high());
        out.writeLong(key.low());
        out.writeByte(mitigation.action().ordinal());
        out.writeLong(mitigation.expiresAtMillis());
        Mitigation.Place place = mitigation.challenge();
        writeText(out, place == null ? null : place.redirectUrl());
        if (place != null) {
            out.writeLong(place.returnUrl().high());
            out.writeLong(place.returnUrl().low());
        }
        writeText(out, mitigation.decisionId());
        writeText(out, mitigation.reason());
    }

    private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }
}
