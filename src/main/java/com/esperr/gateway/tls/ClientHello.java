package com.esperr.gateway.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a visitor says first on a TLS connection (RFC 8446 section 4.1.2), as much of it as tells visitors apart. Values that
 * only keep servers tolerant (GREASE, RFC 8701) are left out. Immutable.
 */
public final class ClientHello {
    /** More of anything than any client has; such a message is not looked into. */
    private static final int MAX_VALUES = 512;

    private static final int RANDOM = 32;
    private static final int MAX_NAME = 255;
    private static final char[] NONE = {};

    private int version;
    private char[] ciphers = NONE;
    private char[] extensions = NONE;
    private char[] signatureAlgorithms = NONE;
    private byte[] protocol = {};
    private @Nullable String serverName;

    private ClientHello() {}

    /** Reads the message behind its four bytes of type and length; null if it is not one, or unreasonably long. */
    public static @Nullable ClientHello parse(ByteBuffer message) {
        try {
            ClientHello hello = new ClientHello();
            return hello.read(message.slice()) ? hello : null;
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return null;
        }
    }

    /** The highest version that is offered, as on the wire. */
    int version() {
        return version;
    }

    /** The cipher suites, in the order of the visitor; not to be changed. */
    char[] ciphers() {
        return ciphers;
    }

    /** The types of the extensions, in the order of the visitor; not to be changed. */
    char[] extensions() {
        return extensions;
    }

    /** The signature algorithms, in the order of the visitor; not to be changed. */
    char[] signatureAlgorithms() {
        return signatureAlgorithms;
    }

    /** The first application protocol that is offered (ALPN), or nothing; not to be changed. */
    byte[] protocol() {
        return protocol;
    }

    /** The name that is asked for (SNI), in lower case, or null. */
    public @Nullable String serverName() {
        return serverName;
    }

    /** Whether {@code name} is the first application protocol that is offered. */
    public boolean offersFirst(String name) {
        return Arrays.equals(protocol, name.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether there is an extension of this type. */
    boolean has(int type) {
        for (char extension : extensions) {
            if (extension == type) {
                return true;
            }
        }
        return false;
    }

    private boolean read(ByteBuffer message) {
        version = message.getShort() & 0xffff;
        skip(message, RANDOM);
        skip(message, message.get() & 0xff);
        ciphers = values(block(message, message.getShort() & 0xffff));
        skip(message, message.get() & 0xff);
        if (message.hasRemaining()) {
            readExtensions(block(message, message.getShort() & 0xffff));
        }
        return !message.hasRemaining();
    }

    private void readExtensions(ByteBuffer block) {
        char[] types = new char[MAX_VALUES];
        int count = 0;
        while (block.hasRemaining()) {
            int type = block.getShort() & 0xffff;
            ByteBuffer body = block(block, block.getShort() & 0xffff);
            if (isGrease(type)) {
                continue;
            }
            if (count == MAX_VALUES) {
                throw new IllegalArgumentException("too many extensions");
            }
            types[count++] = (char) type;
            readExtension(type, body);
        }
        extensions = Arrays.copyOf(types, count);
    }

    private void readExtension(int type, ByteBuffer body) {
        switch (type) {
            case ExtensionType.SERVER_NAME -> serverName = name(body);
            case ExtensionType.SIGNATURE_ALGORITHMS ->
                signatureAlgorithms = values(block(body, body.getShort() & 0xffff));
            case ExtensionType.ALPN -> {
                ByteBuffer list = block(body, body.getShort() & 0xffff);
                if (list.hasRemaining()) {
                    protocol = bytes(block(list, list.get() & 0xff));
                }
            }
            case ExtensionType.SUPPORTED_VERSIONS -> {
                int highest = 0;
                for (char offered : values(block(body, body.get() & 0xff))) {
                    highest = Math.max(highest, offered);
                }
                version = highest == 0 ? version : highest;
            }
            default -> {}
        }
    }

    /** The first name of type host_name (RFC 6066 section 3); null if it is none that a host could have. */
    private static @Nullable String name(ByteBuffer body) {
        if (!body.hasRemaining()) {
            return null;
        }
        ByteBuffer list = block(body, body.getShort() & 0xffff);
        boolean hostName = list.get() == 0;
        byte[] name = bytes(block(list, list.getShort() & 0xffff));
        if (!hostName || name.length == 0 || name.length > MAX_NAME) {
            return null;
        }
        for (byte b : name) {
            if (b <= ' ' || b == 0x7f) {
                return null;
            }
        }
        return new String(name, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    }

    private static char[] values(ByteBuffer block) {
        int size = block.remaining() / 2;
        if (block.remaining() % 2 != 0 || size > MAX_VALUES) {
            throw new IllegalArgumentException("not a list of values");
        }
        char[] values = new char[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            int value = block.getShort() & 0xffff;
            if (!isGrease(value)) {
                values[count++] = (char) value;
            }
        }
        return count == size ? values : Arrays.copyOf(values, count);
    }

    /** The next bytes as a block of their own. */
    private static ByteBuffer block(ByteBuffer from, int length) {
        if (length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer block = from.slice(from.position(), length);
        skip(from, length);
        return block;
    }

    private static byte[] bytes(ByteBuffer block) {
        byte[] bytes = new byte[block.remaining()];
        block.get(bytes);
        return bytes;
    }

    private static void skip(ByteBuffer from, int length) {
        from.position(from.position() + length);
    }

    private static boolean isGrease(int value) {
        return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
    }
}
