package com.esperr.gateway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A real, headless chromium with a profile of its own, driven through its DevTools. Closing it ends the process and removes the
 * profile. Confined to the thread of the test.
 */
public final class Browser implements AutoCloseable {
    private static final String LISTENING = "DevTools listening on ";
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration END = Duration.ofSeconds(10);
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
            "--hide-scrollbars",
            "--remote-debugging-address=127.0.0.1",
            "--remote-debugging-port=0");

    private final Path profile;
    private final ChildProcess process;
    private final DevTools tools;

    private Browser(Path profile, List<String> flags, boolean quic) {
        this.profile = profile;
        List<String> command = new ArrayList<>();
        command.add(Peers.require("chromium").toString());
        FLAGS.stream().filter(flag -> !(quic && flag.equals("--disable-quic"))).forEach(command::add);
        command.addAll(flags);
        command.add("--user-data-dir=" + profile);
        command.add("about:blank");
        this.process = ChildProcess.start(new ProcessBuilder(command));
        try {
            String line = process.awaitLine(text -> text.startsWith(LISTENING), START);
            this.tools = DevTools.connect(line.substring(LISTENING.length()).strip());
        } catch (RuntimeException | Error failed) {
            end();
            throw failed;
        }
    }

    /** Starts chromium; without it installed the test fails or is aborted as {@link Peers} says. */
    public static Browser start(String... flags) {
        Peers.require("chromium");
        return new Browser(profile("{}"), List.of(flags), false);
    }

    /** Starts one that speaks QUIC where it is told that it may. */
    public static Browser withQuic(String... flags) {
        Peers.require("chromium");
        return new Browser(profile("{}"), List.of(flags), true);
    }

    /** Starts one that keeps no cookies. */
    public static Browser withoutCookies() {
        Peers.require("chromium");
        return new Browser(
                profile("{\"profile\":{\"default_content_setting_values\":{\"cookies\":2}}}"), List.of(), false);
    }

    private static Path profile(String preferences) {
        try {
            Path directory = Files.createTempDirectory("chromium");
            Files.createDirectory(directory.resolve("Default"));
            Files.writeString(directory.resolve("Default").resolve("Preferences"), preferences);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens one more tab. */
    public BrowserPage open() {
        JsonNode target = tools.call("", "Target.createTarget", Map.of("url", "about:blank"));
        String id = target.path("targetId").asText();
        JsonNode attached = tools.call("", "Target.attachToTarget", Map.of("targetId", id, "flatten", true));
        return new BrowserPage(tools, attached.path("sessionId").asText(), id);
    }

    /** The cookies that the browser keeps, name by value. */
    public Map<String, String> cookies() {
        Map<String, String> cookies = new TreeMap<>();
        for (JsonNode cookie : tools.call("", "Storage.getCookies", Map.of()).path("cookies")) {
            cookies.put(cookie.path("name").asText(), cookie.path("value").asText());
        }
        return cookies;
    }

    /** Forgets all cookies. */
    public void forgetCookies() {
        tools.call("", "Storage.clearCookies", Map.of());
    }

    @Override
    public void close() {
        tools.close();
        end();
    }

    private void end() {
        process.terminate();
        try {
            process.awaitExit(END);
        } catch (AssertionError stillThere) {
            process.kill();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // A child of the browser may still be tidying up; what is left is in the temporary directory.
        }
    }
}
