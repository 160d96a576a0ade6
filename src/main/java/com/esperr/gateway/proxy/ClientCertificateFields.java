package com.esperr.gateway.proxy;

import com.esperr.gateway.http1.HeadWriter;
import com.esperr.gateway.tls.ClientIdentity;
import com.esperr.gateway.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/**
 * The fields in which the origin is told whose certificate a visitor showed: the certificate itself (RFC 9440) and what is in
 * it. Names are in lower case with hyphens. Stateless.
 */
final class ClientCertificateFields {
    private static final String CERTIFICATE = "client-cert";
    private static final String VERIFIED = "x-client-cert-verified";
    private static final String SUBJECT = "x-client-cert-subject";
    private static final String SAN = "x-client-cert-san";
    private static final String FINGERPRINT = "x-client-cert-fingerprint";
    private static final String SERIAL = "x-client-cert-serial";

    /** What origins believe in whose other proxy spoke like this. */
    private static final Set<String> OTHERS =
            Set.of("client-cert-chain", "x-client-verify", "x-client-dn", "x-client-cert", "x-ssl-cert");

    private static final String OURS_PREFIX = "x-client-cert-";
    private static final String NGINX_PREFIX = "ssl-client-";
    private static final String APACHE_PREFIX = "x-ssl-client-";

    private ClientCertificateFields() {}

    /** Whether a field of this canonical name says who a visitor is. */
    static boolean contains(String name) {
        return name.equals(CERTIFICATE)
                || OTHERS.contains(name)
                || name.startsWith(OURS_PREFIX)
                || name.startsWith(NGINX_PREFIX)
                || name.startsWith(APACHE_PREFIX);
    }

    /** Writes the fields of a visitor who was asked for his certificate. */
    static void write(ByteBuf out, TlsSession session) {
        ClientIdentity client = session.client();
        HeadWriter.field(out, VERIFIED, Boolean.toString(client != null));
        if (client != null) {
            HeadWriter.field(out, CERTIFICATE, ':' + client.der() + ':');
            HeadWriter.field(out, SUBJECT, visible(client.subject()));
            if (!client.names().isEmpty()) {
                HeadWriter.field(out, SAN, visible(client.names()));
            }
            HeadWriter.field(out, FINGERPRINT, client.fingerprint());
            HeadWriter.field(out, SERIAL, client.serial());
        }
    }

    /** The text as it can stand in a field: UTF-8, of which all but visible ASCII is percent-encoded, and the percent sign. */
    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                visible.append((char) b);
            } else {
                visible.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return visible.toString();
    }
}
