package com.esperr.gateway.boot;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.listen.ListenAddress;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.upstream.OriginConfig;
import com.esperr.gateway.upstream.OriginTarget;
import java.util.List;
import java.util.Set;

/** Origins that are this gateway's own listeners: each request would come back to it without end. Stateless. */
final class OwnListeners {
    private static final String ANY_IPV6 = "::";
    private static final Set<String> BY_IPV4 = Set.of("localhost", "127.0.0.1", "0.0.0.0");
    private static final Set<String> BY_IPV6 = Set.of("::1", ANY_IPV6);

    private OwnListeners() {}

    /** Reports each origin that listens where this gateway does. */
    static void refuse(Section root, GatewayConfig config) {
        for (OriginConfig origin : config.allOrigins()) {
            for (OriginTarget target : origin.targets()) {
                if (isOwn(target, config.listeners())) {
                    section(root, origin.name())
                            .problem("url", target.toString(), "the application, not a listener of this gateway");
                }
            }
        }
    }

    private static Section section(Section root, String name) {
        return name.equals(OriginConfig.MAIN)
                ? root.section(OriginConfig.MAIN)
                : root.section("origins").section(name);
    }

    private static boolean isOwn(OriginTarget target, List<ListenConfig> listeners) {
        return listeners.stream().anyMatch(listen -> same(target, listen.address()));
    }

    private static boolean same(OriginTarget target, ListenAddress address) {
        if (address instanceof ListenAddress.Unix unix) {
            return unix.path().equals(target.socket());
        }
        return address instanceof ListenAddress.Tcp tcp
                && target.socket() == null
                && tcp.at().port() == target.url().address().port()
                && same(target.url().address().host(), tcp.at().host());
    }

    /** Whether who connects to {@code host} can come to what listens on {@code own}. */
    private static boolean same(String host, String own) {
        boolean everywhere = own.equals(HostPort.ANY_HOST) || own.equals(ANY_IPV6);
        return host.equals(own)
                || (BY_IPV4.contains(host) && (everywhere || BY_IPV4.contains(own)))
                || (BY_IPV6.contains(host) && everywhere);
    }
}
