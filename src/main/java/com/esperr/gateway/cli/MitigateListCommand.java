package com.esperr.gateway.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what is active for whom; confined to the main thread. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints the active mitigations of a running gateway, a JSON line each, newest first.")
final class MitigateListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Mixin
    private TenantOption tenant;

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only those in which this is found: a value, entity, policy, reason, decision id, or key.")
    private String search;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many at the most (${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        String wanted = URLEncoder.encode(search, StandardCharsets.UTF_8);
        return new OperatorPort(spec, options)
                .ask("GET", "/mitigations?limit=" + limit + "&search=" + wanted + tenant.query(), null);
    }
}
