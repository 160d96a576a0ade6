package com.esperr.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules say of each field what RFC 9113 section 8.2 says when it is read byte by byte, and name the first thing that is wrong. */
class FieldRulesTest {
    private static final String NAMES = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";

    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade", "http2-settings");

    private static final String[] WORDS = {
        "connection",
        "proxy-connection",
        "keep-alive",
        "transfer-encoding",
        "upgrade",
        "http2-settings",
        "te",
        "cookie",
        "host",
        "accept-language",
        "x",
        "x-a-field-that-nobody-knows",
        "sec-ch-ua",
        ":path",
        ""
    };

    @Test
    void everyByteIsJudgedWhereverItStands() {
        for (int length = 1; length <= 20; length++) {
            for (int at = 0; at < Math.min(17, length); at++) {
                for (int c = 0; c < 256; c++) {
                    char[] text = "abcdefgh-jklmnopqrst".substring(0, length).toCharArray();
                    text[at] = (char) c;
                    String odd = new String(text);
                    hold(odd, "1");
                    hold("x", odd);
                }
            }
        }
    }

    @Test
    void fieldsOfAllKindsAreJudgedAsTheyWereOneByOne() {
        Random random = new Random(20260102);
        for (int round = 0; round < 100_000; round++) {
            hold(
                    changed(WORDS[random.nextInt(WORDS.length)], random),
                    changed(random.nextBoolean() ? "trailers" : "text/html, */*;q=0.8", random));
        }
    }

    private static String changed(String text, Random random) {
        String cased = random.nextInt(4) == 0 ? text.toUpperCase(Locale.ROOT) : text;
        if (cased.isEmpty() || random.nextInt(3) > 0) {
            return cased;
        }
        char[] chars = cased.toCharArray();
        String odd = "\r\n\0\t :;Zz~\177\200\377";
        chars[random.nextInt(chars.length)] = odd.charAt(random.nextInt(odd.length()));
        return new String(chars);
    }

    private static void hold(String name, String value) {
        // Behind other bytes, as HPACK gives them.
        byte[] bytes = ("AB" + name + value + "CD").getBytes(StandardCharsets.ISO_8859_1);
        HeaderList list = new HeaderList(1);
        list.add(
                new AsciiString(bytes, 2, name.length(), false),
                new AsciiString(bytes, 2 + name.length(), value.length(), false));
        String wrong = FieldRules.wrong(list, 0);
        String expected = expected(name, value);
        if (expected.isEmpty()) {
            assertThat(wrong).as("%s: %s", name, value).isNull();
        } else {
            assertThat(wrong).as("%s: %s", name, value).startsWith(expected);
        }
    }

    private static String expected(String name, String value) {
        boolean token = !name.isEmpty() && name.chars().allMatch(c -> NAMES.indexOf(c) >= 0);
        if (!token) {
            return name.startsWith(":") ? "header list: " : "field name: empty";
        }
        boolean blank = !value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)));
        if (blank || value.chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n')) {
            return "field value: ";
        }
        if (OF_CONNECTIONS.contains(name)) {
            return "field name: one of connections";
        }
        return name.equals("te") && !value.equalsIgnoreCase("trailers") ? "te: " : "";
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
