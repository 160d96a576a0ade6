package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AddressTokensTest {
    private static final InetSocketAddress VISITOR = new InetSocketAddress("192.0.2.1", 4711);

    private final AtomicLong clock = new AtomicLong(-5);
    private final AddressTokens tokens = new AddressTokens(clock::get);
    private final ByteBuf asked = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    private ByteBuf token() {
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.writeToken(token, asked, VISITOR)).isTrue();
        return token;
    }

    @Test
    void whoBringsItBackFromTheSameAddressGetsTheConnectionHeAskedFor() {
        ByteBuf token = token();
        int at = tokens.validateToken(token, VISITOR);
        assertThat(token.slice(at, token.readableBytes() - at)).isEqualTo(asked);
        assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
    }

    @Test
    void nobodyElseDoes() {
        assertThat(tokens.validateToken(token(), new InetSocketAddress("192.0.2.2", 4711)))
                .isEqualTo(-1);
        assertThat(tokens.validateToken(token(), new InetSocketAddress("192.0.2.1", 4712)))
                .isEqualTo(-1);
        assertThat(tokens.validateToken(token(), new InetSocketAddress("::1", 4711)))
                .isEqualTo(-1);
    }

    @Test
    void noBitOfItMayBeAnother() {
        ByteBuf token = token();
        for (int i = 0; i < token.readableBytes() * 8; i++) {
            ByteBuf other = token.copy();
            other.setByte(i / 8, other.getByte(i / 8) ^ 1 << i % 8);
            assertThat(tokens.validateToken(other, VISITOR)).as("bit %d", i).isEqualTo(-1);
        }
    }

    @Test
    void itIsGoodForSecondsOnly() {
        ByteBuf token = token();
        clock.addAndGet(AddressTokens.GOOD_FOR_NANOS);
        assertThat(tokens.validateToken(token, VISITOR)).isPositive();
        clock.addAndGet(1);
        assertThat(tokens.validateToken(token, VISITOR)).isEqualTo(-1);
    }

    @Test
    void anotherProcessHasAnotherKey() {
        assertThat(new AddressTokens(clock::get).validateToken(token(), VISITOR))
                .isEqualTo(-1);
    }

    @Test
    void whatIsTooShortOrTooLongIsNone() {
        ByteBuf token = token();
        for (int length = 0; length < token.readableBytes(); length++) {
            assertThat(tokens.validateToken(token.slice(0, length), VISITOR)).isEqualTo(-1);
        }
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(new byte[2000]), VISITOR))
                .isEqualTo(-1);
    }
}
