package com.esperr.gateway.boot;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A shop behind a gateway whose operator looks at the dashboard in a browser. Confined to the thread of the test. */
final class DashboardScene implements AutoCloseable {
    static final String TOKEN = "d3c1a9f0e7b64a2298b1c55f";

    final TestOrigin origin = TestOrigin.start(Behaviours.respond(200, "shop"));
    final TestEsper esper = TestEsper.start();
    final TestGateway gateway;
    final Browser browser;
    final BrowserPage page;
    private final Path spool;

    private DashboardScene(Map<String, String> config) {
        try {
            spool = Files.createTempDirectory("dashboard-spool");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> all = new HashMap<>();
        all.put("origin.url", origin.url());
        all.put("policies.path", "src/test/resources/config/dashboard.conf");
        all.put("client.trusted-proxies", "127.0.0.1");
        all.put("challenge.hosted.providers", "button");
        all.put("esper.api-url", esper.url());
        all.put("esper.api-key", TestEsper.API_KEY);
        all.put("esper.tenant-id", "shop");
        all.put("beacon.mode", "on");
        all.put("beacon.spool.directory", spool.toString());
        all.putAll(config);
        browser = Browser.start();
        gateway = TestGateway.start(all);
        page = browser.open();
    }

    /** A shop with {@code config} over the defaults, path and value in turn. */
    static DashboardScene with(String... config) {
        Map<String, String> more = new HashMap<>();
        for (int i = 0; i < config.length; i += 2) {
            more.put(config[i], config[i + 1]);
        }
        return new DashboardScene(more);
    }

    /** Where the operator port is. */
    String admin() {
        return "http://127.0.0.1:" + gateway.adminPort();
    }

    /** Opens the dashboard and waits until it is live. */
    void open() {
        page.navigate(admin() + "/dashboard");
        awaitLive();
    }

    void awaitLive() {
        page.awaitTrue("document.getElementById('link').textContent === 'Live'");
    }

    /** A visitor asks. */
    RawResponse visit(String path, String address, String agent) {
        return RawClient.exchange(
                gateway.port(),
                "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: " + address + "\r\nUser-Agent: "
                        + agent + "\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    }

    /** Presses what can be seen, wherever it moves to meanwhile, as tables grow. */
    void click(String selector) {
        page.awaitTrue("document.querySelector('" + selector + "')?.checkVisibility()");
        page.evaluate("document.querySelector('" + selector + "').click()");
    }

    /** Fills an input as typing does. */
    void type(String selector, String value) {
        page.evaluate("(() => { const e = document.querySelector('" + selector + "'); e.focus(); e.value = ''; })()");
        page.call("Input.insertText", Map.of("text", value));
    }

    @Override
    public void close() {
        browser.close();
        gateway.close();
        esper.close();
        origin.close();
        try (Stream<Path> files = Files.walk(spool)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
