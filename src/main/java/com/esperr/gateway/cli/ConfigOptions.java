package com.esperr.gateway.cli;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.config.Loaded;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is configured, shared by the commands; confined to the main thread. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file (variable ESPER_CONFIG). Default: none, only the built-in defaults.")
    private @Nullable Path file;

    @Option(
            names = "--origin",
            paramLabel = "URL",
            description = "The application behind the gateway, e.g. http://127.0.0.1:3000 (origin.url, ESPER_ORIGIN).")
    private @Nullable String origin;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where visitors connect (listen.address, ESPER_LISTEN, or PORT for 0.0.0.0:PORT).")
    private @Nullable String listen;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "Who decides: local, cloud, hybrid or monitor (mode, ESPER_MODE).")
    private @Nullable String mode;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Operator port with /healthz, /readyz and /metrics (admin.address, ESPER_ADMIN_ADDRESS).")
    private @Nullable String admin;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any configuration key, e.g. --set limits.body=10MiB. May be repeated.")
    private Map<String, String> keys = new LinkedHashMap<>();

    /**
     * What {@code arguments} say, or null if there is anything else among them than these options, each once and with a value, or anything
     * that is wrong with them: picocli understands more, and says what it does not.
     */
    static @Nullable ConfigOptions plain(List<String> arguments) {
        ConfigOptions read = new ConfigOptions();
        Iterator<String> left = arguments.iterator();
        while (left.hasNext()) {
            String argument = left.next();
            int end = argument.indexOf('=');
            boolean attached = argument.startsWith("--") && end > 0;
            String name = attached ? argument.substring(0, end) : argument;
            String value = attached ? argument.substring(end + 1) : left.hasNext() ? left.next() : "";
            // Of an argument by itself these would be another option, or a file of arguments.
            boolean special = value.isEmpty() || value.startsWith("-") || value.startsWith("@");
            if ((special && !attached) || !read.take(name, value)) {
                return null;
            }
        }
        return read;
    }

    private boolean take(String name, String value) {
        switch (name) {
            case "-c", "--config" -> {
                boolean first = file == null && !value.isEmpty();
                file = Path.of(value);
                return first;
            }
            case "--origin" -> {
                boolean first = origin == null;
                origin = value;
                return first;
            }
            case "--listen" -> {
                boolean first = listen == null;
                listen = value;
                return first;
            }
            case "--mode" -> {
                boolean first = mode == null;
                mode = value;
                return first;
            }
            case "--admin" -> {
                boolean first = admin == null;
                admin = value;
                return first;
            }
            case "--set" -> {
                int end = value.indexOf('=');
                return end > 0 && keys.put(value.substring(0, end), value.substring(end + 1)) == null;
            }
            default -> {
                return false;
            }
        }
    }

    /** The first of these options that is given though a decision service, which has neither, cannot mean it; or null. */
    @Nullable
    String onlyForGateways() {
        if (origin != null) {
            return "--origin: " + origin + " (expected: nothing, a decision service forwards to nobody)";
        }
        if (mode != null) {
            return "--mode: " + mode + " (expected: nothing, a decision service always decides by its own policies)";
        }
        return listen == null ? null : "--listen: " + listen + " (expected: --set server.address=" + listen + ")";
    }

    /** The origin that is given though a command has its own, or null. */
    @Nullable
    String origin() {
        return origin;
    }

    /** Reads the configuration that these options, the environment and the file make. */
    Loaded<GatewayConfig> load(Map<String, String> environment, Map<String, String> defaults) {
        return load(environment, defaults, Map.of());
    }

    /** The same with keys that a command stands for and nothing overrules. */
    Loaded<GatewayConfig> load(
            Map<String, String> environment, Map<String, String> defaults, Map<String, String> forced) {
        Map<String, String> options = new LinkedHashMap<>(defaults);
        options.putAll(keys);
        put(options, "--origin", "origin.url", origin);
        put(options, "--listen", "listen.address", listen);
        put(options, "--mode", "mode", mode);
        put(options, "--admin", "admin.address", admin);
        if (forced.containsKey("mode")) {
            options.remove("--mode");
        }
        options.putAll(forced);
        return GatewayConfig.load(path(environment), environment, options);
    }

    /** The file that is read, or null. */
    @Nullable
    Path path(Map<String, String> environment) {
        String named = environment.get("ESPER_CONFIG");
        return file != null || named == null || named.isEmpty() ? file : Path.of(named);
    }

    private static void put(Map<String, String> options, String name, String path, @Nullable String value) {
        if (value != null) {
            options.remove(path);
            options.put(name, value);
        }
    }
}
