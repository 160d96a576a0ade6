package com.esperr.gateway.proxy;

import com.esperr.gateway.attestation.AttestationConfig;
import com.esperr.gateway.config.Section;

/**
 * Section {@code forward}: what the origin is told about the visitor. Immutable.
 *
 * @param xForwarded whether the X-Forwarded-* fields are sent
 * @param forwarded whether the Forwarded field is sent (RFC 7239)
 * @param hybridKey whether the X-Esper-Hybrid-Key of a trusted hop is passed on
 * @param clientCertificate whether the origin is told whose certificate a visitor showed
 * @param attestation the signed field about each request
 * @param via the pseudonym in Via (RFC 9110 section 7.6.3)
 */
public record ForwardConfig(
        boolean xForwarded,
        boolean forwarded,
        boolean hybridKey,
        boolean clientCertificate,
        AttestationConfig attestation,
        String via) {
    /** Reads the section. */
    public static ForwardConfig read(Section section) {
        return new ForwardConfig(
                section.flag("x-forwarded"),
                section.flag("forwarded"),
                section.flag("hybrid-header"),
                section.flag("client-certificate"),
                AttestationConfig.read(section.section("attestation")),
                section.parsed("via", "a token such as esper-gateway", "esper-gateway", ForwardConfig::pseudonym));
    }

    private static String pseudonym(String text) {
        if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")) {
            throw new IllegalArgumentException("not a token");
        }
        return text;
    }
}
