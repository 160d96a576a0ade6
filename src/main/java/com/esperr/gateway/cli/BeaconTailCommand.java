package com.esperr.gateway.cli;

import com.esperr.gateway.admin.AdminConfig;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.net.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the newest events of a running gateway, which its operator port is asked for; confined to the main thread. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints the newest events of a running gateway exactly as they leave, a line each.",
        footer = {"", "Example: esper-gateway beacon tail --admin 127.0.0.1:9901 --follow"})
final class BeaconTailCommand implements Callable<Integer> {
    private static final String EVENT = ",\"event\":";
    private static final String SEQUENCE = "{\"sequence\":";
    private static final int MOST = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--follow", description = "Go on with new events until interrupted.")
    private boolean follow;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many at first (${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        // Of the configuration only the operator port is looked at: the rest, such as the key, need not be there.
        Loaded<GatewayConfig> loaded = options.load(System.getenv(), Map.of());
        GatewayConfig sketch = loaded.sketch();
        if (sketch == null) {
            loaded.problems().forEach(err::println);
            err.flush();
            return Running.WRONG;
        }
        HostPort admin = sketch.admin().address();
        if (admin == null) {
            err.println("admin.address: empty (expected: the operator port of the gateway)");
            err.flush();
            return Running.WRONG;
        }
        if (limit < 0 || limit > MOST) {
            err.println("--limit: " + limit + " (expected: 0.." + MOST + ")");
            err.flush();
            return Running.WRONG;
        }
        try {
            return tail(sketch.admin(), admin, out, err);
        } catch (IOException failed) {
            complain(admin, failed, err);
            return Running.FAILED;
        }
    }

    private int tail(AdminConfig config, HostPort admin, PrintWriter out, PrintWriter err)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        long last = print(fetch(client, config, admin, -1, limit), -1, out);
        boolean there = true;
        while (follow) {
            TimeUnit.SECONDS.sleep(1);
            try {
                List<String> lines = fetch(client, config, admin, last, MOST);
                missed(lines, last, err);
                last = print(lines, last, out);
                there = true;
            } catch (IOException away) {
                // A gateway that restarts goes on where it was: places of events are never used twice.
                if (there) {
                    complain(admin, away, err);
                }
                there = false;
            }
        }
        return 0;
    }

    private static void complain(HostPort admin, IOException failed, PrintWriter err) {
        err.println("operator port " + admin + ": " + OperatorPort.message(failed)
                + " (expected: a running gateway with beacon.mode = on)");
        err.flush();
    }

    /** The gateway keeps the newest only, so that a burst may have gone by. */
    private static void missed(List<String> lines, long last, PrintWriter err) {
        if (last >= 0 && !lines.isEmpty() && sequence(lines.get(0)) > last + 1) {
            err.println("(" + (sequence(lines.get(0)) - last - 1) + " events were too many to be shown)");
            err.flush();
        }
    }

    private static long sequence(String line) {
        return Long.parseLong(line.substring(SEQUENCE.length(), line.indexOf(EVENT)));
    }

    private static List<String> fetch(HttpClient client, AdminConfig config, HostPort admin, long after, int limit)
            throws IOException, InterruptedException {
        String host = admin.anyHost() ? "127.0.0.1" : admin.bracketedHost();
        URI uri = URI.create("http://" + host + ":" + admin.port() + "/beacon/tail?after=" + after + "&limit=" + limit);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        OperatorPort.authorize(request, config);
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body().lines().toList();
    }

    /** Prints the events of these lines; the sequence of the newest. */
    private static long print(List<String> lines, long last, PrintWriter out) {
        long newest = last;
        for (String line : lines) {
            int event = line.indexOf(EVENT);
            newest = sequence(line);
            out.println(line.substring(event + EVENT.length(), line.length() - 1));
        }
        out.flush();
        return newest;
    }
}
