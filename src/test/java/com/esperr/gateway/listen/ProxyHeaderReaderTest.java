package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderReaderTest {
    private static final String MARK = "0d0a0d0a000d0a515549540a";
    private static final String TCP4 = "cb007109" + "c0000201" + "dead" + "01bb";
    private static final String TCP6 =
            "20010db8000000000000000000000009" + "20010db8000000000000000000000001" + "dead" + "01bb";

    private static byte[] text(String line) {
        return line.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] binary(String command, String family, String rest) {
        String length = String.format("%04x", rest.length() / 2);
        return HexFormat.of().parseHex(MARK + command + family + length + rest);
    }

    /** Reads {@code header} with a request behind it, and makes sure that no beginning of it is taken for something else. */
    private static ProxyHeader read(byte[] header) {
        ByteBuf bytes = Unpooled.buffer();
        for (byte b : header) {
            ProxyHeader sofar = ProxyHeaderReader.read(bytes);
            if (sofar.state() != ProxyHeader.State.PARTIAL) {
                return sofar;
            }
            bytes.writeByte(b);
        }
        ProxyHeader alone = ProxyHeaderReader.read(bytes);
        bytes.writeBytes(text("GET / HTTP/1.1\r\n"));
        assertThat(ProxyHeaderReader.read(bytes).state())
                .isEqualTo(alone.state() == ProxyHeader.State.PARTIAL ? ProxyHeader.State.MALFORMED : alone.state());
        assertThat(bytes.readerIndex()).isZero();
        return alone;
    }

    private static void assertSource(byte[] header, String source) {
        ProxyHeader read = read(header);
        assertThat(read.state()).isEqualTo(ProxyHeader.State.COMPLETE);
        assertThat(read.length()).isEqualTo(header.length);
        assertThat(read.source()).hasToString(source);
    }

    private static void assertLeftToTheSocket(byte[] header) {
        ProxyHeader read = read(header);
        assertThat(read).isEqualTo(ProxyHeader.complete(header.length, null));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            PROXY TCP4 203.0.113.9 192.0.2.1 57005 443\\r\\n,          203.0.113.9
            PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\\r\\n,          0.0.0.0
            PROXY TCP6 2001:db8::9 2001:db8::1 57005 443\\r\\n,        2001:db8::9
            PROXY TCP6 ::ffff:203.0.113.9 2001:db8::1 57005 443\\r\\n, 203.0.113.9
            """)
    void aLineSaysWhereTheConnectionComesFrom(String line, String source) {
        assertSource(text(line), source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\\r\\n",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\\r\\n",
                "PROXY UNKNOWN whatever it likes to say\\r\\n"
            })
    void anUnknownConnectionIsTheSockets(String line) {
        assertLeftToTheSocket(text(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY \\r\\n",
                "PROXY TCP4\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 2 3\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1\\r\\n",
                "PROXY TCP4  203.0.113.9 192.0.2.1 1 2\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 2 \\r\\n",
                "PROXY  TCP4 203.0.113.9 192.0.2.1 1 2\\r\\n",
                "PROXY TCP4 203.0.113.9\\t192.0.2.1 1 2\\r\\n",
                "PROXY TCP4 203.0.113.009 192.0.2.1 1 2\\r\\n",
                "PROXY TCP4 203.0.113 192.0.2.1 1 2\\r\\n",
                "PROXY TCP4 203.0.113.256 192.0.2.1 1 2\\r\\n",
                "PROXY TCP4 host.test 192.0.2.1 1 2\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 01 2\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 65536\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 -1 2\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 +1 2\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 99999999999\\r\\n",
                "PROXY TCP4 2001:db8::9 2001:db8::1 1 2\\r\\n",
                "PROXY TCP4 203.0.113.9 2001:db8::1 1 2\\r\\n",
                "PROXY TCP6 203.0.113.9 192.0.2.1 1 2\\r\\n",
                "PROXY TCP6 2001:db8::9 192.0.2.1 1 2\\r\\n",
                "PROXY TCP6 [2001:db8::9] 2001:db8::1 1 2\\r\\n",
                "PROXY TCP6 2001:db8::9%eth0 2001:db8::1 1 2\\r\\n",
                "PROXY TCP6 2001:db8:::9 2001:db8::1 1 2\\r\\n",
                "PROXY UDP4 203.0.113.9 192.0.2.1 1 2\\r\\n",
                "PROXY tcp4 203.0.113.9 192.0.2.1 1 2\\r\\n",
                "PROXY unknown\\r\\n",
                "PROXY UNKNOWNS\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 2\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 2\\rX",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 2\\r\\r\\n",
                "PROXY TCP4 203.0.113.9 192.0.2.1 1 2\\n\\r\\n",
                "PROXY UNKNOWN \u0000\\r\\n",
                "PROXY UNKNOWN \u00e9\\r\\n"
            })
    void whatNoSenderMayWriteIsMalformed(String line) {
        assertThat(read(text(line))).isEqualTo(ProxyHeader.MALFORMED);
    }

    @Test
    void aLineHas107BytesAtTheMost() {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n";
        assertThat(longest).hasSize(107);
        assertLeftToTheSocket(text(longest));
        assertThat(read(text(longest.replace("\r", "x\r")))).isEqualTo(ProxyHeader.MALFORMED);
        assertThat(read(text("PROXY UNKNOWN " + "x".repeat(5000)))).isEqualTo(ProxyHeader.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\\r\\n",
                "POST / HTTP/1.1\\r\\n",
                "PROXX TCP4",
                "PROX ",
                "PROXY\tTCP4 203.0.113.9 192.0.2.1 1 2\\r\\n",
                "proxy TCP4 203.0.113.9 192.0.2.1 1 2\\r\\n",
                " PROXY TCP4 203.0.113.9 192.0.2.1 1 2\\r\\n",
                "\\r\\nGET / HTTP/1.1\\r\\n",
                "\\r\\n\\r\\nGET / HTTP/1.1\\r\\n",
                "\u0016\u0003\u0001\u0002"
            })
    void anythingElseIsNoHeader(String beginning) {
        assertThat(read(text(beginning))).isEqualTo(ProxyHeader.ABSENT);
    }

    @Test
    void addressesOfBothFamiliesAreRead() {
        assertSource(binary("21", "11", TCP4), "203.0.113.9");
        assertSource(binary("21", "21", TCP6), "2001:db8::9");
    }

    @Test
    void whatFollowsTheAddressesIsSkipped() {
        assertSource(binary("21", "11", TCP4 + "010002" + "6832" + "040000"), "203.0.113.9");
        assertSource(binary("21", "21", TCP6 + "ea0003" + "010203"), "2001:db8::9");
        int most = ProxyHeaderReader.LONGEST - 16 - 12 - 3;
        assertSource(binary("21", "11", TCP4 + "04" + String.format("%04x", most) + "00".repeat(most)), "203.0.113.9");
    }

    @Test
    void whatFollowsMustBeWhole() {
        for (String rest : new String[] {"01", "0100", "010002" + "68", "010000" + "ff", "01ffff"}) {
            assertThat(read(binary("21", "11", TCP4 + rest))).as(rest).isEqualTo(ProxyHeader.MALFORMED);
        }
    }

    @Test
    void whatSaysNothingOfAVisitorIsTheSockets() {
        assertLeftToTheSocket(binary("20", "00", ""));
        assertLeftToTheSocket(binary("20", "11", TCP4));
        assertLeftToTheSocket(binary("20", "77", "0102030405"));
        assertLeftToTheSocket(binary("21", "00", ""));
        assertLeftToTheSocket(binary("21", "00", "0102030405"));
        assertLeftToTheSocket(binary("21", "31", "00".repeat(216)));
        assertLeftToTheSocket(binary("21", "31", "2f".repeat(216) + "050000"));
    }

    @ParameterizedTest
    @CsvSource({
        "11, 11",
        "31, 11",
        "01, 11",
        "22, 11",
        "2f, 11",
        "00, 11", // versions and commands
        "21, 12",
        "21, 22",
        "21, 32", // datagrams
        "21, 01",
        "21, 10",
        "21, 13",
        "21, 41",
        "21, ff" // families and protocols
    })
    void anotherVersionCommandOrFamilyIsMalformed(String command, String family) {
        assertThat(read(binary(command, family, "00".repeat(216)))).isEqualTo(ProxyHeader.MALFORMED);
    }

    @Test
    void addressesThatDoNotFitTheirLengthAreMalformed() {
        assertThat(read(binary("21", "11", TCP4.substring(2)))).isEqualTo(ProxyHeader.MALFORMED);
        assertThat(read(binary("21", "21", TCP4))).isEqualTo(ProxyHeader.MALFORMED);
        assertThat(read(binary("21", "31", "00".repeat(215)))).isEqualTo(ProxyHeader.MALFORMED);
        assertThat(read(binary("21", "11", ""))).isEqualTo(ProxyHeader.MALFORMED);
    }

    @Test
    void aHeaderThatIsTooLongIsNotWaitedFor() {
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        start.writeBytes(
                HexFormat.of().parseHex(MARK + "2111" + String.format("%04x", ProxyHeaderReader.LONGEST - 15)));
        assertThat(read(start.toByteArray())).isEqualTo(ProxyHeader.MALFORMED);
        byte[] mostSaid = HexFormat.of().parseHex(MARK + "2011" + "ffff");
        assertThat(read(mostSaid)).isEqualTo(ProxyHeader.MALFORMED);
    }
}
