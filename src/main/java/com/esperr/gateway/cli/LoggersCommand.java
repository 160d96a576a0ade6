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

/** Shows and changes how much a running gateway logs; confined to the main thread. */
@Command(
        name = "loggers",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows how much a running gateway logs, or changes it until it ends.",
        footer = {
            "",
            "A logger is a package of the gateway (cloud, proxy, ...), gateway, root, or a whole name.",
            "Example: esper-gateway loggers cloud=debug",
            "Example: esper-gateway loggers --take-back cloud"
        })
final class LoggersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--take-back", description = "What was changed about the logger is as configured again.")
    private boolean takeBack;

    @Parameters(
            arity = "0..1",
            paramLabel = "LOGGER=LEVEL",
            description = "error, warn, info, debug, trace or off; none: all that have levels of their own are shown.")
    private @Nullable String change;

    @Override
    public Integer call() throws InterruptedException {
        OperatorPort port = new OperatorPort(spec, options);
        String wanted = change;
        if (wanted == null) {
            if (takeBack) {
                throw new ParameterException(spec.commandLine(), "--take-back: which logger? (expected: its name)");
            }
            return port.ask("GET", "/loggers", null);
        }
        int equals = wanted.indexOf('=');
        if (takeBack == (equals >= 0)) {
            throw new ParameterException(
                    spec.commandLine(),
                    wanted + " (expected: " + (takeBack ? "a logger without a level" : "LOGGER=LEVEL") + ")");
        }
        return takeBack
                ? port.ask("DELETE", "/loggers?name=" + encoded(wanted), null)
                : port.ask(
                        "POST",
                        "/loggers?name=" + encoded(wanted.substring(0, equals)) + "&level="
                                + encoded(wanted.substring(equals + 1)),
                        "");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
