package com.esperr.gateway.boot;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Somebody with a browser: navigates in raw bytes, keeps cookies unless told not to, and follows only where a test leads. Thread-safe. */
final class Browser {
    private final int port;
    private final String agent;
    private final String address;
    private final boolean keepsCookies;
    private final Map<String, String> jar = new ConcurrentHashMap<>();

    Browser(int port, String agent, String address, boolean keepsCookies) {
        this.port = port;
        this.agent = agent;
        this.address = address;
        this.keepsCookies = keepsCookies;
    }

    static Browser at(int port) {
        return new Browser(port, "Firefox", "198.51.100.23", true);
    }

    /** The same jar somewhere else, or in other hands. */
    Browser with(String otherAgent, String otherAddress) {
        Browser other = new Browser(port, otherAgent, otherAddress, keepsCookies);
        other.jar.putAll(jar);
        return other;
    }

    RawResponse visit(String target) {
        return ask("GET", target, "Accept: text/html", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document");
    }

    RawResponse fetch(String target) {
        return ask("GET", target, "Accept: application/json", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty");
    }

    /** Sends a form of a page of the site. */
    RawResponse submit(String target, String type, String body, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "Accept: text/html",
                "Sec-Fetch-Mode: navigate",
                "Sec-Fetch-Dest: document",
                "Content-Type: " + type,
                "Content-Length: " + body.length()));
        lines.addAll(List.of(more));
        return send("POST", target, body, lines);
    }

    /** The same, its length not said beforehand. */
    RawResponse chunked(String target, String type, String body, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "Accept: text/html",
                "Sec-Fetch-Mode: navigate",
                "Content-Type: " + type,
                "Transfer-Encoding: chunked"));
        lines.addAll(List.of(more));
        return send("POST", target, Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n", lines);
    }

    RawResponse ask(String method, String target, String... more) {
        return send(method, target, "", List.of(more));
    }

    private RawResponse send(String method, String target, String body, List<String> more) {
        List<String> lines = new ArrayList<>(List.of(
                method + " " + target + " HTTP/1.1",
                "Host: shop.test",
                "User-Agent: " + agent,
                "X-Forwarded-For: " + address));
        lines.addAll(more);
        String cookies = jar.entrySet().stream()
                .map(cookie -> cookie.getKey() + '=' + cookie.getValue())
                .collect(Collectors.joining("; "));
        lines.add("Cookie: " + (cookies.isEmpty() ? "sid=1" : "sid=1; " + cookies + "; last=2"));
        RawResponse response = RawClient.exchange(port, String.join("\r\n", lines) + "\r\n\r\n" + body);
        for (String set : response.headers().all("set-cookie")) {
            String pair = set.substring(0, set.indexOf(';'));
            if (keepsCookies) {
                jar.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        return response;
    }

    void learn(Map<String, String> cookies) {
        jar.putAll(cookies);
    }

    /** Our cookies. */
    Map<String, String> jar() {
        return Map.copyOf(jar);
    }
}
