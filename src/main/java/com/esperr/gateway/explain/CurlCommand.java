package com.esperr.gateway.explain;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.Methods;
import com.esperr.gateway.http.RequestHead;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The request that a {@code curl} command would send, as browsers copy it and people write it. No file is read and nothing is sent. Confined to
 * one thread while it is read.
 */
public final class CurlCommand {
    private static final int MOST_HEADERS = 200;
    private static final Map<String, String> LONG = Map.ofEntries(
            Map.entry("-X", "--request"),
            Map.entry("-H", "--header"),
            Map.entry("-d", "--data"),
            Map.entry("-b", "--cookie"),
            Map.entry("-A", "--user-agent"),
            Map.entry("-e", "--referer"),
            Map.entry("-I", "--head"),
            Map.entry("-G", "--get"),
            Map.entry("-u", "--user"),
            Map.entry("-o", "--output"),
            Map.entry("-m", "--max-time"),
            Map.entry("-x", "--proxy"),
            Map.entry("-w", "--write-out"),
            Map.entry("-c", "--cookie-jar"));
    /** Say how a request travels or what becomes of the answer. */
    private static final Set<String> IGNORED_WITH_VALUE = Set.of(
            "--output",
            "--max-time",
            "--connect-timeout",
            "--proxy",
            "--write-out",
            "--retry",
            "--resolve",
            "--cookie-jar",
            "--cacert",
            "--max-redirs");

    private static final Set<String> IGNORED = Set.of(
            "--silent",
            "--show-error",
            "--insecure",
            "--location",
            "--include",
            "--verbose",
            "--fail",
            "--globoff",
            "--http1.1",
            "--http2",
            "--http3",
            "--no-buffer",
            "--path-as-is",
            "--no-keepalive",
            "--compressed-ssh");
    private static final String IGNORED_SHORT = "sSkLivfgN012346";

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<String> data = new ArrayList<>();
    private final List<String> cookies = new ArrayList<>();
    private @Nullable String method;
    private @Nullable String url;
    private boolean head;
    private boolean get;
    private boolean json;

    private CurlCommand() {}

    /**
     * The request of {@code command}.
     *
     * @throws IllegalArgumentException if it cannot be understood; the message says why
     */
    public static CurlCommand parse(String command) {
        Iterator<String> words = ShellWords.of(command).iterator();
        if (!words.hasNext() || !words.next().equals("curl")) {
            throw new IllegalArgumentException(
                    "command: not curl (expected: curl 'https://…', as browsers copy it for bash)");
        }
        CurlCommand made = new CurlCommand();
        while (words.hasNext()) {
            made.word(words.next(), words);
        }
        made.check();
        return made;
    }

    private void word(String word, Iterator<String> rest) {
        if (!word.startsWith("-") || word.equals("-")) {
            address(word);
        } else if (word.startsWith("--")) {
            option(word, null, rest);
        } else {
            letters(word, rest);
        }
    }

    /** Short options in one word: {@code -sSL}, {@code -XPOST}. */
    private void letters(String word, Iterator<String> rest) {
        for (int i = 1; i < word.length(); i++) {
            String name = LONG.get("-" + word.charAt(i));
            if (name != null) {
                boolean flag = name.equals("--head") || name.equals("--get");
                option(name, flag || i + 1 == word.length() ? null : word.substring(i + 1), rest);
                if (!flag) {
                    return;
                }
            } else if (IGNORED_SHORT.indexOf(word.charAt(i)) < 0) {
                throw unknown("-" + word.charAt(i));
            }
        }
    }

    private void option(String name, @Nullable String value, Iterator<String> rest) {
        switch (name) {
            case "--head" -> head = true;
            case "--get" -> get = true;
            case "--compressed" -> defaulted("Accept-Encoding", "deflate, gzip, br, zstd");
            default -> {
                if (!IGNORED.contains(name)) {
                    valued(name, value, rest);
                }
            }
        }
    }

    private void valued(String name, @Nullable String given, Iterator<String> rest) {
        if (given == null && !rest.hasNext()) {
            throw new IllegalArgumentException(name + ": missing (expected: a value)");
        }
        String value = given == null ? rest.next() : given;
        switch (name) {
            case "--url" -> address(value);
            case "--request" -> method = value;
            case "--header" -> header(value);
            case "--cookie" -> cookies.add(pairs(value));
            case "--user-agent" -> header("User-Agent: " + value);
            case "--referer" -> set("Referer", value);
            case "--user" -> set("Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8(value)));
            case "--data", "--data-ascii", "--data-binary" -> data.add(noFile(name, value));
            case "--data-raw" -> data.add(value);
            case "--data-urlencode" -> data.add(encoded(noFile(name, value)));
            case "--json" -> {
                json = true;
                data.add(noFile(name, value));
            }
            default -> {
                if (!IGNORED_WITH_VALUE.contains(name)) {
                    throw unknown(name);
                }
            }
        }
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(shown(name)
                + ": not understood (expected: -X, -H, -d, -b, -A, -e, -G, -I, -u and what only says how to send it)");
    }

    private void address(String word) {
        if (url != null) {
            throw new IllegalArgumentException("url: two (expected: one)");
        }
        url = word;
    }

    private void header(String line) {
        int colon = line.indexOf(':');
        if (line.startsWith("@")) {
            throw new IllegalArgumentException("--header: a file (expected: NAME: VALUE)");
        }
        if (colon < 0 && line.endsWith(";")) {
            set(line.substring(0, line.length() - 1), "");
        } else if (colon > 0) {
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (value.isEmpty()) {
                headers.put(checked(name), new ArrayList<>());
            } else {
                headers.computeIfAbsent(checked(name), unknown -> new ArrayList<>())
                        .add(wire(value));
            }
        } else {
            throw new IllegalArgumentException("--header: " + shown(line) + " (expected: NAME: VALUE)");
        }
        if (headers.values().stream().mapToInt(List::size).sum() > MOST_HEADERS) {
            throw new IllegalArgumentException("--header: too many (expected: at most " + MOST_HEADERS + ")");
        }
    }

    private void set(String name, String value) {
        headers.put(checked(name), new ArrayList<>(List.of(wire(value))));
    }

    private void defaulted(String name, String value) {
        headers.computeIfAbsent(name, absent -> new ArrayList<>(List.of(value)));
    }

    private static String checked(String name) {
        if (!Methods.isToken(name)) {
            throw new IllegalArgumentException("--header: " + shown(name) + " (expected: the name of a header field)");
        }
        return name;
    }

    /** Octets as they would be sent, a character each. */
    private static String wire(String value) {
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new IllegalArgumentException("--header: control characters (expected: a value on one line)");
        }
        return new String(utf8(value), StandardCharsets.ISO_8859_1);
    }

    private static String pairs(String value) {
        if (value.indexOf('=') < 0) {
            throw new IllegalArgumentException("--cookie: a file (expected: NAME=VALUE)");
        }
        return wire(value);
    }

    private static String noFile(String name, String value) {
        if (value.startsWith("@")) {
            throw new IllegalArgumentException(name + ": a file (expected: the data itself)");
        }
        return value;
    }

    private static String encoded(String value) {
        int equals = value.indexOf('=');
        return value.substring(0, equals + 1)
                + URLEncoder.encode(value.substring(equals + 1), StandardCharsets.UTF_8)
                        .replace("+", "%20");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    private void check() {
        if (url == null) {
            throw new IllegalArgumentException("url: missing (expected: http(s)://HOST/PATH)");
        }
        if (!Methods.isToken(method())) {
            throw new IllegalArgumentException("--request: " + shown(method()) + " (expected: a method)");
        }
        String rest = rest();
        int end = authorityEnd(rest);
        String authority = rest.substring(0, end);
        if (scheme() == null || authority.isEmpty() || authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "url: " + shown(String.valueOf(url)) + " (expected: http(s)://HOST/PATH)");
        }
        defaulted("Host", wire(authority));
        defaulted("User-Agent", "curl/8");
        defaulted("Accept", json ? "application/json" : "*/*");
        if (!cookies.isEmpty()) {
            headers.put("Cookie", new ArrayList<>(List.of(String.join("; ", cookies))));
        }
        if (sendsBody()) {
            defaulted("Content-Type", json ? "application/json" : "application/x-www-form-urlencoded");
            set("Content-Length", Integer.toString(body().length));
        }
    }

    private @Nullable String scheme() {
        String address = String.valueOf(url).toLowerCase(Locale.ROOT);
        int end = address.indexOf("://");
        String given = end < 0 ? "http" : address.substring(0, end);
        return given.equals("http") || given.equals("https") ? given : null;
    }

    /** Whether it speaks TLS. */
    public boolean secure() {
        return "https".equals(scheme());
    }

    private String rest() {
        String address = String.valueOf(url);
        int start = address.indexOf("://");
        String rest = start < 0 ? address : address.substring(start + 3);
        int fragment = rest.indexOf('#');
        return fragment < 0 ? rest : rest.substring(0, fragment);
    }

    private static int authorityEnd(String rest) {
        int slash = rest.indexOf('/');
        int query = rest.indexOf('?');
        int end = slash < 0 ? rest.length() : slash;
        return query >= 0 && query < end ? query : end;
    }

    private String target() {
        String rest = rest();
        String path = rest.substring(authorityEnd(rest));
        String target = path.startsWith("/") ? path : "/" + path;
        if (get && !data.isEmpty()) {
            target += (target.indexOf('?') < 0 ? '?' : '&') + String.join("&", data);
        }
        return new String(utf8(target), StandardCharsets.ISO_8859_1);
    }

    private boolean sendsBody() {
        return !data.isEmpty() && !get;
    }

    private String method() {
        return method != null ? method : head ? "HEAD" : sendsBody() ? "POST" : "GET";
    }

    /** The body, empty if there is none. */
    public byte[] body() {
        return sendsBody() ? utf8(String.join("&", data)) : new byte[0];
    }

    /** The head as a gateway would receive it. */
    public RequestHead head() {
        Fields.Builder fields = Fields.builder(headers.size());
        headers.forEach((name, values) -> values.forEach(value -> fields.add(name, value)));
        return new RequestHead(
                method(),
                target(),
                HttpVersion.HTTP_1_1,
                fields.build(),
                sendsBody() ? body().length : BodyLength.NONE,
                true,
                false);
    }
}
