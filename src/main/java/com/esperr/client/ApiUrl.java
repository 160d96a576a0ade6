package com.esperr.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The option {@code apiUrl}: what it may be, and what becomes of it. Stateless. */
final class ApiUrl {
    private static final String BASE = "/api/v1";
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]|\\[(?:0{1,4}:){7}0{0,3}1]");

    private ApiUrl() {}

    /** The endpoint that {@code text} means, or null with a problem noted. */
    static @Nullable URI endpoint(String text, boolean allowPlainHttp, Problems problems) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            problems.add("apiUrl", text, "scheme and host");
            return null;
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        if ((!scheme.equals("https") && !scheme.equals("http")) || host.isEmpty() || hasMore(url)) {
            // Who puts a password into a URL must not find it in a log.
            String shown = url.getRawUserInfo() == null ? text : "a URL with a user";
            problems.add("apiUrl", shown, "scheme and host, as in https://api.esperr.com");
            return null;
        }
        if (scheme.equals("http") && !allowPlainHttp && !LOOPBACK.matcher(host).matches()) {
            problems.add(
                    "apiUrl",
                    text,
                    "https, unless it is this machine or allowPlainHttp is set: the key would be readable on the way");
            return null;
        }
        String path = url.getRawPath().replaceAll("/+$", "");
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return URI.create(scheme + "://" + host + port + (path.endsWith(BASE) ? path : path + BASE));
    }

    private static boolean hasMore(URI url) {
        return url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || url.getPort() == 0
                || url.getPort() > 65535;
    }
}
