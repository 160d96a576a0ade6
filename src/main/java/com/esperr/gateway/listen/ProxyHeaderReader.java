package com.esperr.gateway.listen;

import com.esperr.gateway.net.IpAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PROXY protocol header, of the text form (version 1) or the binary form (version 2), from the bytes a connection
 * begins with. Strict: what the specification does not allow a sender is malformed, because a header that two readers
 * understand differently gives a stranger another's address. Stateless; the buffer stays the caller's and is not moved.
 */
final class ProxyHeaderReader {
    /** The longest line of version 1, with its end. */
    private static final int LINE = 107;
    /** The longest header of version 2: addresses and whatever else a balancer tells. */
    static final int LONGEST = 8 * 1024;

    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int BINARY_FIXED = 16;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV6_ADDRESSES = 36;
    private static final int UNIX_ADDRESSES = 216;
    private static final int FURTHER_FIXED = 3;

    private ProxyHeaderReader() {}

    /** What the readable bytes begin with. */
    static ProxyHeader read(ByteBuf bytes) {
        if (beginsWith(bytes, TEXT)) {
            return bytes.readableBytes() < TEXT.length ? ProxyHeader.PARTIAL : text(bytes);
        }
        if (beginsWith(bytes, BINARY)) {
            return bytes.readableBytes() < BINARY_FIXED ? early(bytes) : binary(bytes);
        }
        return ProxyHeader.ABSENT;
    }

    /** Whether the readable bytes and {@code mark} are the same as far as both go. */
    private static boolean beginsWith(ByteBuf bytes, byte[] mark) {
        int count = Math.min(bytes.readableBytes(), mark.length);
        for (int i = 0; i < count; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    // --- version 1

    private static ProxyHeader text(ByteBuf bytes) {
        int count = Math.min(bytes.readableBytes(), LINE);
        int from = bytes.readerIndex();
        int end = bytes.indexOf(from, from + count, (byte) '\r');
        if (end < 0) {
            return count < LINE && isPlain(bytes, count) ? ProxyHeader.PARTIAL : ProxyHeader.MALFORMED;
        }
        int length = end - from;
        if (length + 1 == count) {
            return count < LINE ? ProxyHeader.PARTIAL : ProxyHeader.MALFORMED;
        }
        if (bytes.getByte(end + 1) != '\n' || !isPlain(bytes, length)) {
            return ProxyHeader.MALFORMED;
        }
        return line(bytes.toString(from, length, StandardCharsets.US_ASCII), length + 2);
    }

    private static boolean isPlain(ByteBuf bytes, int count) {
        for (int i = 0; i < count; i++) {
            byte b = bytes.getByte(bytes.readerIndex() + i);
            if (b < ' ' || b == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static ProxyHeader line(String line, int length) {
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            // Whatever stands behind it is to be ignored.
            return ProxyHeader.complete(length, null);
        }
        boolean ipv6 = words[1].equals("TCP6");
        if (words.length != 6 || !(ipv6 || words[1].equals("TCP4")) || !isPort(words[4]) || !isPort(words[5])) {
            return ProxyHeader.MALFORMED;
        }
        IpAddress source = IpAddress.parseOrNull(words[2]);
        IpAddress target = IpAddress.parseOrNull(words[3]);
        boolean family = source != null
                && target != null
                && words[2].indexOf(':') >= 0 == ipv6
                && words[3].indexOf(':') >= 0 == ipv6;
        return family ? ProxyHeader.complete(length, source) : ProxyHeader.MALFORMED;
    }

    private static boolean isPort(String text) {
        return text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535;
    }

    // --- version 2

    /** The mark may be there and not yet what follows; a wrong version need not be waited out. */
    private static ProxyHeader early(ByteBuf bytes) {
        return bytes.readableBytes() > BINARY.length && !isCommand(command(bytes))
                ? ProxyHeader.MALFORMED
                : ProxyHeader.PARTIAL;
    }

    private static int command(ByteBuf bytes) {
        return bytes.getUnsignedByte(bytes.readerIndex() + BINARY.length);
    }

    private static boolean isCommand(int command) {
        return command == LOCAL || command == PROXY;
    }

    private static ProxyHeader binary(ByteBuf bytes) {
        int from = bytes.readerIndex();
        int command = command(bytes);
        int family = bytes.getUnsignedByte(from + BINARY.length + 1);
        int rest = bytes.getUnsignedShort(from + BINARY.length + 2);
        if (!isCommand(command) || rest > LONGEST - BINARY_FIXED) {
            return ProxyHeader.MALFORMED;
        }
        // Of a connection that the balancer opened for itself nothing is said, whatever follows.
        int addresses = command == LOCAL ? 0 : addresses(family);
        if (addresses < 0 || rest < addresses) {
            return ProxyHeader.MALFORMED;
        }
        if (bytes.readableBytes() < BINARY_FIXED + rest) {
            return ProxyHeader.PARTIAL;
        }
        int at = from + BINARY_FIXED;
        if (command == PROXY && family != UNSPECIFIED && !isFurther(bytes, at + addresses, at + rest)) {
            return ProxyHeader.MALFORMED;
        }
        return ProxyHeader.complete(BINARY_FIXED + rest, addresses == 0 ? null : source(bytes, family, at));
    }

    /** How many bytes the addresses of a family have; negative if it can be none of a stream. */
    private static int addresses(int family) {
        return switch (family) {
            case UNSPECIFIED -> 0;
            case TCP4 -> IPV4_ADDRESSES;
            case TCP6 -> IPV6_ADDRESSES;
            case UNIX_STREAM -> UNIX_ADDRESSES;
            default -> -1;
        };
    }

    /** Whether these bytes are whole entries of type, length and value. */
    private static boolean isFurther(ByteBuf bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (to - at < FURTHER_FIXED) {
                return false;
            }
            at += FURTHER_FIXED + bytes.getUnsignedShort(at + 1);
        }
        return at == to;
    }

    private static @Nullable IpAddress source(ByteBuf bytes, int family, int at) {
        if (family == UNIX_STREAM) {
            // Somebody on the balancer's machine, of whom there is no more to say than that.
            return null;
        }
        byte[] address = new byte[family == TCP4 ? 4 : 16];
        bytes.getBytes(at, address);
        return IpAddress.ofBytes(address);
    }
}
