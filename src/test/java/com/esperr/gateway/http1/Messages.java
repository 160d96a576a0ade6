package com.esperr.gateway.http1;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Generates valid messages as bytes together with the transcript that decoding them must give. */
final class Messages {
    private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789abcXYZ";

    private final Random random;
    private final StringBuilder bytes = new StringBuilder();
    private final List<String> expected = new ArrayList<>();

    Messages(Random random) {
        this.random = random;
    }

    byte[] bytes() {
        return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What a transcript must say. */
    List<String> expected() {
        return expected;
    }

    /** Appends a request. */
    void request() {
        String method = random.nextBoolean() ? "GET" : "M" + word(TOKEN, 0, 20);
        String target = "/" + word(visible(), 0, 60);
        bytes.append("\r\n".repeat(random.nextInt(3)));
        bytes.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        StringBuilder fields = new StringBuilder();
        boolean expects = random.nextInt(4) == 0;
        others(fields);
        line(fields, "Host", "h");
        if (expects) {
            line(fields, "Expect", "100-continue");
        }
        int kind = random.nextInt(3);
        long length = framing(fields, kind);
        others(fields);
        boolean close = random.nextInt(4) == 0;
        if (close) {
            line(fields, "Connection", "close");
        }
        bytes.append("\r\n");
        expected.add("HEAD " + method + " " + target + " 1.1 length=" + length + (close ? " close" : " keep")
                + (expects && length != 0 ? " expects" : "") + fields);
        body(kind, length);
    }

    /** Appends a response that does not end with its connection. */
    void response() {
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes.append("HTTP/1.1 103 Early Hints\r\n");
            StringBuilder fields = new StringBuilder();
            others(fields);
            bytes.append("\r\n");
            expected.add("HEAD 103 'Early Hints' 1.1 length=0 keep" + fields);
        }
        int status = 200 + random.nextInt(100) * 4;
        status = status == 204 || status == 304 ? 200 : status;
        String reason = word(TOKEN + " \t\u00e9", 0, 10).strip();
        bytes.append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
        StringBuilder fields = new StringBuilder();
        others(fields);
        int kind = 1 + random.nextInt(2);
        long length = framing(fields, kind);
        others(fields);
        bytes.append("\r\n");
        expected.add("HEAD " + status + " '" + reason + "' 1.1 length=" + length + " keep" + fields);
        body(kind, length);
    }

    private long framing(StringBuilder fields, int kind) {
        if (kind == 0) {
            return 0;
        }
        if (kind == 2) {
            line(fields, "Transfer-Encoding", random.nextBoolean() ? "chunked" : "CHUNKED");
            return -1;
        }
        long length = random.nextInt(4) == 0 ? 0 : random.nextInt(300);
        line(fields, "Content-Length", "0".repeat(random.nextInt(3)) + length);
        return length;
    }

    private void body(int kind, long length) {
        if (kind == 1) {
            String data = word(anything(), (int) length, (int) length);
            bytes.append(data);
            data(data);
        } else if (kind == 2) {
            chunks();
            return;
        }
        expected.add("END");
    }

    private void chunks() {
        StringBuilder data = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            String chunk = word(anything(), 1, 60);
            size(chunk.length());
            bytes.append(chunk).append("\r\n");
            data.append(chunk);
        }
        data(data.toString());
        size(0);
        StringBuilder trailers = new StringBuilder();
        if (random.nextInt(3) == 0) {
            others(trailers);
        }
        bytes.append("\r\n");
        expected.add("END" + trailers);
    }

    private void size(int size) {
        String hex = Integer.toHexString(size);
        bytes.append("0".repeat(random.nextInt(4))).append(random.nextBoolean() ? hex : upper(hex));
        for (int i = random.nextInt(6) == 0 ? 2 : 0; i > 0; i--) {
            bytes.append(random.nextBoolean() ? ";" : " ; ").append('e').append(word(TOKEN, 0, 5));
            bytes.append(random.nextBoolean() ? "=v" : random.nextBoolean() ? "=\"q;\\\" \u00e9\"" : "");
        }
        bytes.append("\r\n");
    }

    private void others(StringBuilder fields) {
        for (int i = random.nextInt(4); i > 0; i--) {
            line(
                    fields,
                    "X" + word(TOKEN, 0, 20),
                    word(visible() + " \t\u0080\u00ff", 0, 80).strip());
        }
    }

    private void line(StringBuilder fields, String name, String value) {
        bytes.append(name)
                .append(':')
                .append(blank())
                .append(value)
                .append(blank())
                .append("\r\n");
        fields.append(" [").append(name).append('=').append(value).append(']');
    }

    private void data(String data) {
        if (!data.isEmpty()) {
            expected.add("DATA " + data);
        }
    }

    private String blank() {
        return random.nextBoolean() ? " " : word(" \t", 0, 3);
    }

    private String word(String alphabet, int least, int most) {
        int length = least + random.nextInt(most - least + 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String upper(String hex) {
        return hex.toUpperCase(Locale.ROOT);
    }

    private static String visible() {
        return range(0x21, 0x7E);
    }

    private static String anything() {
        return range(0, 255) + "\r\n\r\n\r\n0;";
    }

    private static String range(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int c = from; c <= to; c++) {
            text.append((char) c);
        }
        return text.toString();
    }
}
