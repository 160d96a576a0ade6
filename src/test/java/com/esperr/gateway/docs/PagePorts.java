package com.esperr.gateway.docs;

import com.esperr.gateway.testkit.FreePort;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Free ports in place of those that a page names, the same one wherever it names the same. Not thread-safe. */
final class PagePorts {
    private static final Pattern NAMED = Pattern.compile("(?:127\\.0\\.0\\.1|localhost):(\\d{4,5})\\b");

    private final Map<String, Integer> ports = new LinkedHashMap<>();

    /** With the application that pages have on port 3000. */
    PagePorts(int application) {
        ports.put("3000", application);
    }

    /** What stands for that port. */
    int of(String port) {
        return ports.computeIfAbsent(port, named -> FreePort.next());
    }

    /** The text with these ports. */
    String in(String text) {
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            of(named.group(1));
        }
        String names = String.join("|", ports.keySet());
        return Pattern.compile("(?<=[:= ])(?:" + names + ")\\b(?![.:])")
                .matcher(text)
                .replaceAll(found -> Integer.toString(of(found.group())));
    }
}
