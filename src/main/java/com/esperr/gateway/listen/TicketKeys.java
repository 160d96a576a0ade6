package com.esperr.gateway.listen;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The keys of session tickets: of a file, or made here and replaced in time, so that whoever steals one reads no more than it
 * encrypted. One set for all certificates, so that a session is resumed whichever of them began it. Confined to the thread
 * that looks after certificates.
 */
final class TicketKeys {
    static final String EXPECTED = "a file of 1 to 16 keys of 48 random bytes each, the one that encrypts first";
    private static final int MOST = 16;

    private final SessionConfig config;
    private final LongSupplier nanos;
    private List<OpenSslSessionTicketKey> keys = List.of();
    private long madeAt;

    TicketKeys(SessionConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
    }

    /**
     * The keys that count now; the first encrypts.
     *
     * @throws IOException if their file cannot be used
     */
    OpenSslSessionTicketKey[] current() throws IOException {
        Path file = config.ticketKeyFile();
        if (file == null) {
            rotate();
        } else {
            try {
                keys = parse(Files.readAllBytes(file));
            } catch (IllegalArgumentException unusable) {
                throw new IOException(
                        "listen.tls.sessions.ticket-key-file: " + file + " (expected: " + EXPECTED + ")", unusable);
            }
        }
        return keys.toArray(OpenSslSessionTicketKey[]::new);
    }

    /** Whether the key that encrypts has done so for long enough. */
    boolean due() {
        return config.ticketKeyFile() == null
                && nanos.getAsLong() - madeAt >= config.timeout().toNanos();
    }

    /** The key before goes on being understood: tickets live as long as a key encrypts. */
    private void rotate() {
        if (keys.isEmpty() || due()) {
            boolean young = !keys.isEmpty()
                    && nanos.getAsLong() - madeAt < 2 * config.timeout().toNanos();
            byte[] random = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
            new SecureRandom().nextBytes(random);
            OpenSslSessionTicketKey fresh = key(random, 0);
            keys = young ? List.of(fresh, keys.get(0)) : List.of(fresh);
            madeAt = nanos.getAsLong();
        }
    }

    /**
     * The keys in {@code bytes}.
     *
     * @throws IllegalArgumentException if that is not what they are
     */
    static List<OpenSslSessionTicketKey> parse(byte[] bytes) {
        int size = OpenSslSessionTicketKey.TICKET_KEY_SIZE;
        if (bytes.length == 0 || bytes.length % size != 0 || bytes.length / size > MOST) {
            throw new IllegalArgumentException(EXPECTED);
        }
        List<OpenSslSessionTicketKey> keys = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += size) {
            keys.add(key(bytes, at));
        }
        return List.copyOf(keys);
    }

    private static OpenSslSessionTicketKey key(byte[] bytes, int at) {
        int hmac = at + OpenSslSessionTicketKey.NAME_SIZE;
        int aes = hmac + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOfRange(bytes, at, hmac),
                Arrays.copyOfRange(bytes, hmac, aes),
                Arrays.copyOfRange(bytes, aes, aes + OpenSslSessionTicketKey.AES_KEY_SIZE));
    }
}
