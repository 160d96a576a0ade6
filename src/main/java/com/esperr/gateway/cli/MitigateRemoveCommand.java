package com.esperr.gateway.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes back what is active for one visitor; confined to the main thread. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Takes back what is active for one visitor of a running gateway.")
final class MitigateRemoveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Mixin
    private TenantOption tenant;

    @Parameters(paramLabel = "KEY", description = "The key that the list shows.")
    private String key = "";

    @Override
    public Integer call() throws InterruptedException {
        String wanted = URLEncoder.encode(key, StandardCharsets.UTF_8);
        return new OperatorPort(spec, options).ask("DELETE", "/mitigations?key=" + wanted + tenant.query(), null);
    }
}
