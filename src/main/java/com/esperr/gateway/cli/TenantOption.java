package com.esperr.gateway.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say whose visitor is meant, where there are several; confined to the main thread. */
final class TenantOption {
    @Option(
            names = "--tenant",
            paramLabel = "ID",
            description = "Whose visitor; only for a server with several tenants.")
    private @Nullable String id;

    @Option(
            names = "--policy-set",
            paramLabel = "NAME",
            description = "Whose policies; only for a gateway with several sets of them.")
    private @Nullable String set;

    /** A part of a query, or nothing. */
    String query() {
        return part("tenant", id) + part("set", set);
    }

    private static String part(String name, @Nullable String value) {
        return value == null ? "" : '&' + name + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
