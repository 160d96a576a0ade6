package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.HashSeed;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * @param told the mitigations by the name of the feed that told them
 */
record Snapshot(HashSeed seed, Map<String, Map<MitigationKey, Mitigation>> told) {
    private static final int MAGIC = 0x45485942;
    private static final int VERSION = 2;
    private static final int BUFFER = 1 << 16;
    private static final Action[] ACTIONS = Action.values();

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
            Map<String, Map<MitigationKey, Mitigation>> told = new HashMap<>();
            long left = most;
            for (int feeds = in.readInt(); feeds > 0; feeds--) {
                String name = in.readUTF();
                Map<MitigationKey, Mitigation> entries = readEntries(in, nowMillis, left);
                left -= entries.size();
                told.put(name, entries);
            }
            long computed = checked.getChecksum().getValue();
            if (in.readLong() != computed) {
                throw new IOException("the checksum does not match");
            }
            return new Snapshot(seed, told);
        }
    }

    private static Map<MitigationKey, Mitigation> readEntries(DataInputStream in, long nowMillis, long most)
            throws IOException {
        Map<MitigationKey, Mitigation> entries = new LinkedHashMap<>();
        for (int count = in.readInt(); count > 0; count--) {
            MitigationKey key = new MitigationKey(in.readLong(), in.readLong());
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
                : new Mitigation.Place(redirectUrl, new MitigationKey(in.readLong(), in.readLong()));
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
        for (Map.Entry<String, Map<MitigationKey, Mitigation>> feed : told.entrySet()) {
            out.writeUTF(feed.getKey());
            out.writeInt(feed.getValue().size());
            for (Map.Entry<MitigationKey, Mitigation> entry : feed.getValue().entrySet()) {
                writeEntry(out, entry.getKey(), entry.getValue());
            }
        }
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static void writeEntry(DataOutputStream out, MitigationKey key, Mitigation mitigation) throws IOException {
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
