package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.HashSeed;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The file that lets mitigations outlive the process: the seed of the keys and the entries, with a checksum behind them.
 * Immutable; reading and writing block. It is replaced as a whole, so that a crash leaves the older one, and readable by
 * its owner only, as the seed would let somebody find out who is in it.
 *
 * @param seed the secret under which the keys were hashed
 * @param entries the mitigations
 */
record Snapshot(HashSeed seed, Map<MitigationKey, Mitigation> entries) {
    private static final int MAGIC = 0x45485942;
    private static final int VERSION = 1;
    private static final Action[] ACTIONS = Action.values();
    private static final Set<StandardOpenOption> FRESH =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    /**
     * Reads a snapshot, leaving out what has expired at {@code nowMillis} and what is more than {@code most}.
     *
     * @throws IOException if it cannot be read, was cut off or is not a snapshot
     */
    static Snapshot read(Path file, long nowMillis, long most) throws IOException {
        CheckedInputStream checked =
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), new CRC32());
        try (DataInputStream in = new DataInputStream(checked)) {
            if (in.readInt() != MAGIC || in.readInt() != VERSION) {
                throw new IOException("not a snapshot of this version");
            }
            HashSeed seed = new HashSeed(in.readLong(), in.readLong());
            int count = in.readInt();
            Map<MitigationKey, Mitigation> entries = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                MitigationKey key = new MitigationKey(in.readLong(), in.readLong());
                Mitigation mitigation = readEntry(in);
                if (mitigation.expiresAtMillis() > nowMillis && entries.size() < most) {
                    entries.put(key, mitigation);
                }
            }
            long computed = checked.getChecksum().getValue();
            if (in.readLong() != computed) {
                throw new IOException("checksum does not match");
            }
            return new Snapshot(seed, entries);
        }
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

    /** Puts the snapshot in place of {@code file}. */
    void write(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path fresh = absolute.resolveSibling(absolute.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(fresh, FRESH, ownerOnly(absolute))) {
            CheckedOutputStream checked = new CheckedOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), new CRC32());
            DataOutputStream out = new DataOutputStream(checked);
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeLong(seed.first());
            out.writeLong(seed.second());
            // Counted from a copy of the references: the live entries change meanwhile.
            Map<MitigationKey, Mitigation> copy = Map.copyOf(entries);
            out.writeInt(copy.size());
            for (Map.Entry<MitigationKey, Mitigation> entry : copy.entrySet()) {
                writeEntry(out, entry.getKey(), entry.getValue());
            }
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
        }
        Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
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
