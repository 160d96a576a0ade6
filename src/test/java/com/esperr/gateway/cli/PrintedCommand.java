package com.esperr.gateway.cli;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A curl command as the demo prints it, done without curl. It knows the few options that are used there and nothing else, so
 * that a row with another one fails.
 *
 * @param times how often a loop around it runs it
 * @param grep what the output is searched for; empty when it is not
 */
record PrintedCommand(int times, URI url, Map<String, String> headers, String grep) {
    private static final Pattern LOOP = Pattern.compile("for \\w+ in ([\\w ]+); do (.*); done");
    private static final Pattern PIPE = Pattern.compile("(.*) \\| grep (\\S+)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    static PrintedCommand parse(String text) {
        Matcher loop = LOOP.matcher(text);
        int times = 1;
        String command = text;
        if (loop.matches()) {
            times = loop.group(1).split(" ").length;
            command = loop.group(2);
        }
        Matcher pipe = PIPE.matcher(command);
        return pipe.matches() ? curl(times, pipe.group(1), pipe.group(2)) : curl(times, command, "");
    }

    private static PrintedCommand curl(int times, String command, String grep) {
        Deque<String> words = WORD.matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .collect(Collectors.toCollection(ArrayDeque::new));
        Map<String, String> headers = new LinkedHashMap<>(Map.of("user-agent", "curl/8.5.0", "accept", "*/*"));
        URI url = null;
        if (!words.pop().equals("curl")) {
            throw new AssertionError(command + " (expected: a curl command)");
        }
        while (!words.isEmpty()) {
            String word = words.pop();
            switch (word) {
                case "-i", "-s" -> {}
                case "-o", "-w" -> words.pop();
                case "-A" -> headers.put("user-agent", words.pop());
                case "-H" -> {
                    String[] parts = words.pop().split(": ", 2);
                    headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
                }
                default -> url = URI.create(word);
            }
        }
        return new PrintedCommand(times, url, headers, grep);
    }

    /** Sends it, as often as it says, each time on a connection of its own, as curl does. */
    List<RawResponse> perform() {
        StringBuilder request = new StringBuilder("GET ")
                .append(url.getRawPath())
                .append(" HTTP/1.1\r\nHost: ")
                .append(url.getAuthority())
                .append("\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        request.append("\r\n");
        List<RawResponse> responses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            responses.add(RawClient.exchange(url.getPort(), request.toString()));
        }
        return responses;
    }
}
