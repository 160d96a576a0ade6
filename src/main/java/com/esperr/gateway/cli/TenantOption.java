package com.esperr.gateway.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says whose visitor is meant, where a server has several tenants; confined to the main thread. */
final class TenantOption {
    @Option(
            names = "--tenant",
            paramLabel = "ID",
            description = "Whose visitor; only for a server with several tenants.")
    private @Nullable String id;

    /** A part of a query, or nothing. */
    String query() {
        return id == null ? "" : "&tenant=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
