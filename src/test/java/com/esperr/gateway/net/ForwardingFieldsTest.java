package com.esperr.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardingFieldsTest {

    private static final IpAddress IPV4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress IPV6 = IpAddress.parse("2001:db8::1");
    private static final boolean TRUSTED = true;
    private static final boolean STRANGER = false;

    @Test
    void continuesTheListOfATrustedPeerAndStartsANewOneForAStranger() {
        List<String> existing = List.of("6.6.6.6", "", "7.7.7.7, 8.8.8.8");
        assertThat(ForwardingFields.xForwardedFor(TRUSTED, existing, IPV4))
                .isEqualTo("6.6.6.6, 7.7.7.7, 8.8.8.8, 192.0.2.1");
        assertThat(ForwardingFields.xForwardedFor(TRUSTED, List.of(), IPV6)).isEqualTo("2001:db8::1");
        assertThat(ForwardingFields.xForwardedFor(STRANGER, existing, IPV4)).isEqualTo("192.0.2.1");
    }

    @Test
    void believesTheSchemeOfATrustedPeerIfItIsOne() {
        assertThat(ForwardingFields.xForwardedProto(TRUSTED, List.of("HTTPS"), "http"))
                .isEqualTo("https");
        assertThat(ForwardingFields.xForwardedProto(TRUSTED, List.of("http"), "https"))
                .isEqualTo("http");
        assertThat(ForwardingFields.xForwardedProto(TRUSTED, List.of("gopher"), "http"))
                .isEqualTo("http");
        assertThat(ForwardingFields.xForwardedProto(TRUSTED, List.of("https", "http"), "http"))
                .isEqualTo("http");
        assertThat(ForwardingFields.xForwardedProto(TRUSTED, List.of(), "http")).isEqualTo("http");
        assertThat(ForwardingFields.xForwardedProto(STRANGER, List.of("https"), "http"))
                .isEqualTo("http");
    }

    @Test
    void believesTheHostOfATrustedPeer() {
        assertThat(ForwardingFields.xForwardedHost(TRUSTED, List.of("shop.test"), "inner"))
                .isEqualTo("shop.test");
        assertThat(ForwardingFields.xForwardedHost(TRUSTED, List.of("a", "b"), "inner"))
                .isEqualTo("inner");
        assertThat(ForwardingFields.xForwardedHost(TRUSTED, List.of(" "), "inner"))
                .isEqualTo("inner");
        assertThat(ForwardingFields.xForwardedHost(STRANGER, List.of("evil.test"), "shop.test"))
                .isEqualTo("shop.test");
    }

    @Test
    void writesAnElementThatItsOwnReaderUnderstands() {
        assertThat(ForwardingFields.forwarded(STRANGER, List.of("for=6.6.6.6"), IPV4, "shop.test", "http"))
                .isEqualTo("for=192.0.2.1;host=shop.test;proto=http");
        assertThat(ForwardingFields.forwarded(TRUSTED, List.of("for=6.6.6.6"), IPV6, "shop.test:8080", "https"))
                .isEqualTo("for=6.6.6.6, for=\"[2001:db8::1]\";host=\"shop.test:8080\";proto=https");
        assertThat(ForwardingFields.forwarded(TRUSTED, List.of(), IPV4, null, "http"))
                .isEqualTo("for=192.0.2.1;proto=http");
    }

    @Test
    void escapesAHostSoThatItCannotAddAnElement() {
        String line = ForwardingFields.forwarded(STRANGER, List.of(), IPV4, "x\", for=\"6.6.6.6\\", "http");
        assertThat(line).isEqualTo("for=192.0.2.1;host=\"x\\\", for=\\\"6.6.6.6\\\\\";proto=http");
        ForwardedReader reader = new ForwardedReader(line);
        assertThat(reader.next()).isTrue();
        assertThat(reader.address()).isEqualTo(IPV4);
        assertThat(reader.next()).isFalse();
    }
}
