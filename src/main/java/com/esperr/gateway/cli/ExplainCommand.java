package com.esperr.gateway.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints why a running gateway answered a request as it did; confined to the main thread. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Says why a running gateway answered a request itself: decision, policies with values, times.",
        footer = {
            "",
            "Example: esper-gateway explain 7ZC4P0Q2MD --admin 127.0.0.1:9901",
            "Exit code 1 if nothing is known of that reference."
        })
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--json", description = "Print a line of JSON instead of text.")
    private boolean json;

    @Parameters(paramLabel = "REFERENCE", description = "What the header Esper-Reference, the page or the log says.")
    private String reference;

    @Override
    public Integer call() throws InterruptedException {
        String wanted = URLEncoder.encode(reference, StandardCharsets.UTF_8);
        return new OperatorPort(spec, options).ask("GET", "/explain/" + wanted + (json ? "" : "?as=text"), null);
    }
}
