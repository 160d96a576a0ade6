package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the tables of raw bytes under {@code framing/} in the test resources; their own first lines describe the format. Static only.
 */
final class CaseFile {

    /** One case: its name with the section it rests on, the bytes to send, and all other lines in order. */
    record Block(String name, byte[] bytes, List<String> lines) {}

    private CaseFile() {}

    /** All cases of that file. */
    static List<Block> read(String resource) {
        try (InputStream in = CaseFile.class.getResourceAsStream("/framing/" + resource)) {
            if (in == null) {
                throw new IllegalArgumentException("framing/" + resource + ": not found (expected: a test resource)");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /** Resolves {@code \r \n \t \0 \s \\ \xHH} and repetitions of the form <code>&#92;{text*count}</code>. */
    static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char kind = text.charAt(at++);
            switch (kind) {
                case 'r' -> out.append('\r');
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case '0' -> out.append('\0');
                case 's' -> out.append(' ');
                case '\\' -> out.append('\\');
                case 'x' -> {
                    out.append((char) Integer.parseInt(text.substring(at, at + 2), 16));
                    at += 2;
                }
                case '{' -> {
                    int end = text.indexOf('}', at);
                    int star = text.lastIndexOf('*', end);
                    out.append(
                            unescape(text.substring(at, star)).repeat(Integer.parseInt(text.substring(star + 1, end))));
                    at = end + 1;
                }
                default -> throw new IllegalArgumentException("escape: \\" + kind + " in " + text);
            }
        }
        return out.toString();
    }

    private static List<Block> parse(String file) {
        List<Block> blocks = new ArrayList<>();
        String body = file.substring(file.indexOf("\n-----"));
        for (String part : body.split("\n# ")) {
            List<String> all = part.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("-----"))
                    .toList();
            if (!all.isEmpty()) {
                blocks.add(block(all));
            }
        }
        return blocks;
    }

    private static Block block(List<String> all) {
        StringBuilder bytes = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (String line : all.subList(1, all.size())) {
            if (line.equals("|") || line.startsWith("| ")) {
                String text = line.length() < 2 ? "" : line.substring(2);
                boolean open = text.endsWith("\\") && !text.endsWith("\\\\");
                bytes.append(unescape(open ? text.substring(0, text.length() - 1) : text));
                bytes.append(open ? "" : "\r\n");
            } else {
                lines.add(line.strip());
            }
        }
        return new Block(all.get(0), Wire.bytes(bytes.toString()), lines);
    }
}
