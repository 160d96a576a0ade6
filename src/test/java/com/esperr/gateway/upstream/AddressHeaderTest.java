package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The PROXY protocol specification, sections 2.1 and 2.2. */
class AddressHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    @Test
    void theLineNamesBothAddresses() throws UnknownHostException {
        assertThat(line("198.51.100.7", "127.0.0.1")).isEqualTo("PROXY TCP4 198.51.100.7 127.0.0.1 0 3000\r\n");
        assertThat(line("2001:db8::7", "127.0.0.1"))
                .isEqualTo("PROXY TCP6 2001:db8:0:0:0:0:0:7 0:0:0:0:0:ffff:7f00:1 0 3000\r\n");
        assertThat(line("198.51.100.7", "::1"))
                .isEqualTo("PROXY TCP6 0:0:0:0:0:ffff:c633:6407 0:0:0:0:0:0:0:1 0 3000\r\n");
        assertThat(line("198.51.100.7", null)).isEqualTo("PROXY TCP4 198.51.100.7 0.0.0.0 0 0\r\n");
    }

    @Test
    void theBinaryHeaderNamesBothAddresses() throws UnknownHostException {
        assertThat(binary("198.51.100.7", "127.0.0.1"))
                .isEqualTo(SIGNATURE + "2111" + "000c" + "c6336407" + "7f000001" + "0000" + "0bb8");
        assertThat(binary("2001:db8::7", "::1"))
                .isEqualTo(SIGNATURE + "2121" + "0024" + "20010db8000000000000000000000007"
                        + "00000000000000000000000000000001" + "0000" + "0bb8");
    }

    @Test
    void ourOwnConnectionsAreOurOwn() throws UnknownHostException {
        assertThat(line(null, "127.0.0.1")).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(binary(null, "127.0.0.1")).isEqualTo(SIGNATURE + "2000" + "0000");
    }

    private static String line(@Nullable String visitor, @Nullable String origin) throws UnknownHostException {
        return header(AddressHeader.Version.V1, visitor, origin).toString(StandardCharsets.US_ASCII);
    }

    private static String binary(@Nullable String visitor, @Nullable String origin) throws UnknownHostException {
        return ByteBufUtil.hexDump(header(AddressHeader.Version.V2, visitor, origin));
    }

    private static ByteBuf header(AddressHeader.Version version, @Nullable String visitor, @Nullable String origin)
            throws UnknownHostException {
        return new AddressHeader(version)
                .of(
                        visitor == null ? null : InetAddress.getByName(visitor),
                        origin == null ? null : new InetSocketAddress(InetAddress.getByName(origin), 3000));
    }
}
