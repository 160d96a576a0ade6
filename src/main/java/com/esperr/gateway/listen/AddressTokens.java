package com.esperr.gateway.listen;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens of Retry packets (RFC 9000 section 8.1.2): whoever wants a connection has to show first that he gets what is sent to his
 * address, so that forged addresses cost no memory and make nobody else be sent more than was received. A token says when it was made
 * and which connection was asked for, and has a code (HMAC-SHA256) of both and the address by a key of this process. Confined to the
 * event loop of its socket. Buffers stay the caller's.
 */
final class AddressTokens implements QuicTokenHandler {
    /** A visitor comes back with it within a round trip; and loses a packet or two. */
    static final long GOOD_FOR_NANOS = 10_000_000_000L;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int CODE = 32;
    private static final int HEAD = Long.BYTES + CODE;

    private final LongSupplier nanos;
    private final Mac mac;

    /** With a fresh key, and the time from {@code nanos}. */
    AddressTokens(LongSupplier nanos) {
        this.nanos = nanos;
        byte[] key = new byte[CODE];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf asked, InetSocketAddress address) {
        byte[] connection = bytes(asked);
        long now = nanos.getAsLong();
        out.writeLong(now).writeBytes(code(now, address, connection)).writeBytes(connection);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        if (token.readableBytes() <= HEAD || token.readableBytes() > maxTokenLength()) {
            return -1;
        }
        byte[] all = bytes(token);
        long made = ByteBuffer.wrap(all).getLong();
        byte[] expected = code(made, address, Arrays.copyOfRange(all, HEAD, all.length));
        boolean genuine = MessageDigest.isEqual(expected, Arrays.copyOfRange(all, Long.BYTES, HEAD));
        return genuine && nanos.getAsLong() - made <= GOOD_FOR_NANOS ? HEAD : -1;
    }

    @Override
    public int maxTokenLength() {
        return HEAD + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] code(long made, InetSocketAddress address, byte[] connection) {
        byte[] host = address.getAddress().getAddress();
        // With the length, as addresses have two and what follows has any.
        mac.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES + 1)
                .putLong(made)
                .putInt(address.getPort())
                .put((byte) host.length)
                .array());
        mac.update(host);
        return mac.doFinal(connection);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }
}
