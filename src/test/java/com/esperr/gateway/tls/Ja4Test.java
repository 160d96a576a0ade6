package com.esperr.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fingerprint against the examples of the published description of JA4. */
class Ja4Test {
    @Test
    void theExampleOfTheDescriptionIsWhatItSays() {
        assertThat(Ja4.of(Hellos.browser().read())).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    }

    @Test
    void withoutSignatureAlgorithmsThereIsNoSecondList() {
        Hellos hello = Hellos.browser().extension(13, 0, 0);
        assertThat(Ja4.of(hello.read())).isEqualTo("t13d1516h2_8daaf6152771_6d807ffa2a79");
    }

    @Test
    void orderAndNameOfTheSiteDoNotCount() {
        Hellos shuffled = Hellos.hello()
                .ciphers(
                        0x0035, 0x002f, 0x009d, 0x009c, 0xc014, 0xc013, 0xcca8, 0xcca9, 0xc030, 0xc02c, 0xc02f, 0xc02b,
                        0x1303, 0x1302, 0x1301)
                .serverName("other.test")
                .protocols("h2")
                .signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
                .versions(0x0303, 0x0304);
        for (int type : new int[] {0xff01, 0x4469, 0x0033, 0x002d, 0x0023, 0x001b, 0x0017, 0x0015, 0x0012, 11, 10, 5}) {
            shuffled.extension(type);
        }
        assertThat(Ja4.of(shuffled.read())).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    }

    @Test
    void whatSaysNothingHasNoHash() {
        assertThat(Ja4.of(Hellos.hello().read())).isEqualTo("t12i000000_000000000000_000000000000");
    }

    @ParameterizedTest
    @CsvSource({"0304,13", "0303,12", "0302,11", "0301,10", "0300,s3", "0002,s2", "1234,00"})
    void theVersionIsTheHighestThatIsOffered(String version, String shown) {
        Hellos hello = Hellos.hello().version(Integer.parseInt(version, 16));
        assertThat(Ja4.of(hello.read())).startsWith("t" + shown + "i");
    }

    @ParameterizedTest
    @CsvSource({
        "h2,h2",
        "http/1.1,h1",
        "x,xx",
        "\u00ab,ab",
        "\u00ab\u00cd,ad",
        "0\u00ab,3b",
        "01\u00ab\u00cd,3d",
        "0\u00ab\u00cd1,01",
        "'',00"
    })
    void theProtocolIsShownByItsEnds(String name, String shown) {
        assertThat(Ja4.of(Hellos.hello().protocols(name).read())).startsWith("t12i0001" + shown + "_");
    }

    @Test
    void moreThanNinetyNineAreNinetyNine() {
        Hellos hello = Hellos.hello().ciphers(IntStream.range(0, 120).toArray());
        assertThat(Ja4.of(hello.read())).startsWith("t12i990000_");
    }

    @Test
    void valuesThatAreNoSuitesAreCounted() {
        Hellos hello = Hellos.hello().ciphers(0x00ff, 0x5600, 0xfe00, 0x0a0a, 0xfafa, 0x0a1a);
        assertThat(Ja4.of(hello.read())).startsWith("t12i040000_");
    }

    @Test
    void theNameIsReadInLowerCase() {
        assertThat(Hellos.browser().read().serverName()).isEqualTo("shop.test");
        assertThat(Hellos.hello().serverName("a b.test").read().serverName()).isNull();
    }

    @Test
    void anotherMessageOrAPartOfItIsNotRead() {
        byte[] whole = Hellos.browser().bytes();
        for (int length = 0; length < whole.length; length++) {
            // Where the extensions would begin it is whole as well: without them (RFC 5246 section 7.4.1.2).
            ClientHello hello = ClientHello.parse(ByteBuffer.wrap(whole, 0, length));
            assertThat(hello == null || hello.extensions().length == 0)
                    .as("%d bytes", length)
                    .isTrue();
        }
    }

    @Test
    void longListsAreNotLookedInto() {
        assertThat(Hellos.hello().ciphers(IntStream.range(0, 600).toArray()).read())
                .isNull();
        Hellos many = Hellos.hello();
        IntStream.range(1000, 1600).forEach(many::extension);
        assertThat(many.read()).isNull();
    }

    @Test
    void noBytesDoMoreThanBeRefused() {
        Random random = new Random(7);
        byte[] whole = Hellos.browser().bytes();
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= round % 5; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            ClientHello hello = ClientHello.parse(ByteBuffer.wrap(damaged));
            assertThat(hello == null || Ja4.of(hello).length() == 36).isTrue();
        }
    }
}
