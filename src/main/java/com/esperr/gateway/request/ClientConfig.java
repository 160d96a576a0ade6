package com.esperr.gateway.request;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import java.util.List;

/**
 * Section {@code client}: who the visitor is. Immutable.
 *
 * @param rules finds the visitor's address behind trusted proxies
 * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
 */
public record ClientConfig(ClientAddressRules rules, int ipv6Prefix) {
    /** Reads the section. */
    public static ClientConfig read(Section section) {
        CidrSet trusted = CidrSet.of(section
                .parsedList(
                        "trusted-proxies",
                        "an address, a CIDR such as 10.0.0.0/8, loopback or private",
                        Cidr::parseNamed)
                .stream()
                .flatMap(List::stream)
                .toList());
        ForwardingHeader header = section.parsed(
                "address-header",
                "a field name such as x-forwarded-for",
                ForwardingHeader.X_FORWARDED_FOR,
                ForwardingHeader::parse);
        return new ClientConfig(new ClientAddressRules(trusted, header), section.integer("ipv6-prefix", 1, 128));
    }
}
