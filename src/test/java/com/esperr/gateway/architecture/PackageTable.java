package com.esperr.gateway.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The package table of ARCHITECTURE.md: which package stands on which floor, and the lines below it that confine Netty.
 * Immutable.
 *
 * @param rows every named package in the order of the document
 * @param netty packages that may use Netty at all
 * @param buffers packages that may touch Netty's buffers
 */
record PackageTable(Map<String, Row> rows, Set<String> netty, Set<String> buffers) {

    static final String ROOT = "com.esperr.gateway";

    private static final Pattern ROW = Pattern.compile("\\|\\s*(\\d+)\\s*\\|([^|]*)\\|(.*)\\|\\s*");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** One package of the table; packages named in one row of the document share {@code line} and are neighbours. */
    record Row(String name, int floor, int line, boolean later) {

        /** Says whether code here may use code there: downwards, at home, or in the same row. */
        boolean mayUse(Row there) {
            return there.floor < floor || there.line == line;
        }
    }

    /** Reads the table; fails when the document has none or names a package twice. */
    static PackageTable read(Path document) {
        try {
            return parse(Files.readAllLines(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PackageTable parse(List<String> lines) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (int line = 0; line < lines.size(); line++) {
            Matcher row = ROW.matcher(lines.get(line));
            if (!row.matches()) {
                continue;
            }
            boolean later = row.group(3).strip().startsWith("(later)");
            for (String name : names(row.group(2))) {
                int floor = Integer.parseInt(row.group(1));
                if (rows.put(name, new Row(name, floor, line, later)) != null) {
                    throw new IllegalArgumentException("package table: " + name + " (expected: named once)");
                }
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("package table: no row (expected: | floor | `package` | text |)");
        }
        return new PackageTable(rows, listed(lines, "Netty only in:"), listed(lines, "`io.netty.buffer` only in:"));
    }

    private static Set<String> listed(List<String> lines, String start) {
        String plain = start.replace("`", "");
        return lines.stream()
                .filter(line -> line.replace("`", "").strip().startsWith(plain))
                .findFirst()
                .map(line -> (Set<String>) new LinkedHashSet<>(names(line.substring(line.indexOf(':')))))
                .orElseThrow(() -> new IllegalArgumentException("ARCHITECTURE.md: no line '" + start + "'"));
    }

    private static List<String> names(String cell) {
        List<String> names = new ArrayList<>();
        Matcher name = NAME.matcher(cell);
        while (name.find()) {
            names.add(qualified(name.group(1)));
        }
        return names;
    }

    private static String qualified(String name) {
        if (name.equals("(root)")) {
            return ROOT;
        }
        return name.startsWith("com.") ? name : ROOT + "." + name;
    }
}
