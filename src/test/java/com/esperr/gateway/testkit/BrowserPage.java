package com.esperr.gateway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One tab of a {@link Browser}. Confined to the thread of the test, but for what the browser tells of its requests. */
public final class BrowserPage {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(20);

    private final DevTools tools;
    private final String session;
    private final String target;
    private final Map<String, Sent> sent = new LinkedHashMap<>();
    private final List<String> console = new ArrayList<>();
    private final AtomicInteger loads = new AtomicInteger();

    /**
     * One request that the tab made, and what came back.
     *
     * @param method GET or another
     * @param url the whole of it
     * @param type such as Document, Script, Image, Fetch
     * @param status of the answer, 0 while there is none
     */
    public record Sent(String method, String url, String type, int status) {}

    BrowserPage(DevTools tools, String session, String target) {
        this.tools = tools;
        this.session = session;
        this.target = target;
        tools.listen(session, this::told);
        call("Page.enable", Map.of());
        call("Network.enable", Map.of());
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
    }

    /** Any command of the protocol, with its result. */
    public JsonNode call(String method, Map<String, ?> parameters) {
        return tools.call(session, method, parameters);
    }

    private void told(String method, JsonNode parameters) {
        switch (method) {
            case "Page.loadEventFired" -> loads.incrementAndGet();
            case "Network.requestWillBeSent" -> began(parameters);
            case "Network.responseReceived" -> answered(parameters, parameters.path("response"));
            case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded" -> {
                synchronized (sent) {
                    console.add(parameters.toString());
                }
            }
            default -> {}
        }
    }

    private void began(JsonNode parameters) {
        synchronized (sent) {
            String id = parameters.path("requestId").asText();
            Sent before = sent.get(id);
            if (before != null && parameters.has("redirectResponse")) {
                // A redirect goes on under the same id.
                int status = parameters.path("redirectResponse").path("status").asInt();
                sent.put(id + "#" + sent.size(), new Sent(before.method(), before.url(), before.type(), status));
                sent.remove(id);
            }
            JsonNode request = parameters.path("request");
            sent.put(
                    id,
                    new Sent(
                            request.path("method").asText(),
                            request.path("url").asText(),
                            parameters.path("type").asText(),
                            0));
        }
    }

    private void answered(JsonNode parameters, JsonNode response) {
        synchronized (sent) {
            sent.computeIfPresent(
                    parameters.path("requestId").asText(),
                    (id, one) -> new Sent(
                            one.method(),
                            one.url(),
                            one.type(),
                            response.path("status").asInt()));
        }
    }

    /** Every request so far, in order. */
    public List<Sent> requests() {
        synchronized (sent) {
            return List.copyOf(sent.values());
        }
    }

    /** The navigations so far. */
    public List<Sent> documents() {
        return requests().stream().filter(one -> one.type().equals("Document")).toList();
    }

    /** What was written to the console, exceptions and refusals by a policy included. */
    public List<String> console() {
        synchronized (sent) {
            return List.copyOf(console);
        }
    }

    /** Forgets requests and console. */
    public void forget() {
        synchronized (sent) {
            sent.clear();
            console.clear();
        }
    }

    // --- going somewhere

    /** Goes to {@code url} and waits until what answers first has loaded. */
    public void navigate(String url) {
        int before = loads.get();
        JsonNode result = call("Page.navigate", Map.of("url", url));
        if (result.has("errorText")) {
            throw new AssertionError(url + ": " + result.path("errorText").asText());
        }
        await("loaded: " + url, () -> loads.get() > before);
    }

    /** Reloads and waits until it has loaded. */
    public void reload() {
        int before = loads.get();
        call("Page.reload", Map.of());
        await("reloaded", () -> loads.get() > before);
    }

    /** Goes one step back in the history. */
    public void back() {
        JsonNode history = call("Page.getNavigationHistory", Map.of());
        int current = history.path("currentIndex").asInt();
        call(
                "Page.navigateToHistoryEntry",
                Map.of(
                        "entryId",
                        history.path("entries").get(current - 1).path("id").asInt()));
    }

    /** The URL in the address bar. */
    public String url() {
        JsonNode history = call("Page.getNavigationHistory", Map.of());
        return history.path("entries")
                .get(history.path("currentIndex").asInt())
                .path("url")
                .asText();
    }

    // --- what is there

    /** What {@code expression} comes to; promises are waited for. */
    public JsonNode evaluate(String expression) {
        JsonNode result =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** What a person reads. */
    public String text() {
        try {
            return evaluate("document.body ? document.body.innerText : ''").asText();
        } catch (AssertionError leaving) {
            // The page is being replaced by the next one at this moment.
            return "";
        }
    }

    /** Waits until a person can read {@code wanted}. */
    public void awaitText(String wanted) {
        await("text: " + wanted, () -> text().contains(wanted));
    }

    /** Waits until {@code expression} is true in the page. */
    public void awaitTrue(String expression) {
        await(expression, () -> {
            try {
                return evaluate("!!(" + expression + ")").asBoolean();
            } catch (AssertionError leaving) {
                return false;
            }
        });
    }

    /** Clicks on the middle of the first element that {@code selector} finds, as a mouse does. */
    public void click(String selector) {
        JsonNode at = evaluate("(() => { const r = document.querySelector(" + quoted(selector)
                + ").getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.get(0).asDouble(),
                            "y",
                            at.get(1).asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Presses a key that stands for no character, such as Tab, or Enter. */
    public void press(String key) {
        int code = key.equals("Enter") ? 13 : key.equals("Tab") ? 9 : 0;
        Map<String, Object> event = new HashMap<>(Map.of("key", key, "code", key, "windowsVirtualKeyCode", code));
        if (key.equals("Enter")) {
            event.put("text", "\r");
        }
        for (String type : List.of("keyDown", "keyUp")) {
            event.put("type", type);
            call("Input.dispatchKeyEvent", event);
        }
    }

    // --- what kind of browser it is

    /** Runs {@code script} in every page before its own scripts. */
    public void beforeEachPage(String script) {
        call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** Switches scripts of pages off. */
    public void withoutScripts() {
        call("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    }

    /** Makes the processor this many times slower for the page. */
    public void slowedDown(double times) {
        call("Emulation.setCPUThrottlingRate", Map.of("rate", times));
    }

    /** Makes it prefer these languages. */
    public void languages(String accepted) {
        String agent = evaluate("navigator.userAgent").asText();
        call("Network.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", accepted));
    }

    /** Makes the window this large, and the colours dark or light. */
    public void looks(int width, int height, boolean mobile, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Writes what is seen to a PNG file. */
    public void screenshot(Path file) {
        JsonNode shot = call("Page.captureScreenshot", Map.of("format", "png"));
        try {
            Files.write(file, Base64.getDecoder().decode(shot.path("data").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the tab. */
    public void close() {
        tools.call("", "Target.closeTarget", Map.of("targetId", target));
    }

    private void await(String what, Callable<Boolean> reached) {
        try {
            Awaitility.await(what).atMost(PATIENCE).pollInterval(POLL).until(reached);
        } catch (ConditionTimeoutException never) {
            throw new AssertionError(
                    what + ": not reached at " + url() + "\n" + text() + "\n" + requests() + "\n" + console(), never);
        }
    }

    private static String quoted(String text) {
        return DevTools.JSON.valueToTree(text).toString();
    }
}
