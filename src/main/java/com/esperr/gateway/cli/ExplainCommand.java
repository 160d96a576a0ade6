package com.esperr.gateway.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints why a running gateway answered a request as it did; confined to the main thread. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Says why a running gateway answered a request itself, or what it would do with one: decision,"
                + " policies with values, times.",
        footer = {
            "",
            "Example: esper-gateway explain 7ZC4P0Q2MD --admin 127.0.0.1:9901",
            "Example: esper-gateway explain --request \"curl 'https://shop.example.com/.env'\" --client 198.51.100.23",
            "Exit code 1 if nothing is known of that reference, or there is no such request."
        })
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--json", description = "Print a line of JSON instead of text.")
    private boolean json;

    @Option(
            names = "--request",
            paramLabel = "CURL",
            description =
                    "Say what would become of the request of this curl command, which is neither sent nor counted.")
    private @Nullable String request;

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            defaultValue = "192.0.2.1",
            description = "Where it would come from (${DEFAULT-VALUE}).")
    private String client;

    @Option(
            names = "--hits",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How often each window would have counted the visitor, this time included (${DEFAULT-VALUE}).")
    private int hits;

    @Option(
            names = "--pass",
            paramLabel = "LEVEL",
            defaultValue = "0",
            description = "The level of the pass that the visitor would have (${DEFAULT-VALUE}: none).")
    private int pass;

    @Parameters(
            arity = "0..1",
            paramLabel = "REFERENCE",
            description = "What the header Esper-Reference, the page or the log says.")
    private @Nullable String reference;

    @Override
    public Integer call() throws InterruptedException {
        if ((reference == null) == (request == null)) {
            throw new ParameterException(spec.commandLine(), "Which request? (expected: REFERENCE or --request)");
        }
        if (request != null) {
            String from = URLEncoder.encode(client, StandardCharsets.UTF_8);
            String query = "?client=" + from + "&hits=" + hits + "&pass=" + pass + (json ? "" : "&as=text");
            return new OperatorPort(spec, options).ask("POST", "/explain" + query, request);
        }
        String wanted = URLEncoder.encode(String.valueOf(reference), StandardCharsets.UTF_8);
        return new OperatorPort(spec, options).ask("GET", "/explain/" + wanted + (json ? "" : "?as=text"), null);
    }
}
