package com.esperr.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A Markdown document of the repository as its readers see it: code spans, tables, blocks. Immutable. */
record Document(String text) {
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern BLOCK =
            Pattern.compile("^```([\\w-]*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");

    static Document read(String file) {
        try {
            return new Document(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts of all code spans outside of blocks. */
    List<String> codes() {
        return CODE.matcher(prose()).results().map(result -> result.group(1)).toList();
    }

    /** What is outside of blocks. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    /** The lines of all blocks of a language. */
    List<String> blockLines(String language) {
        return blocks(language).stream().flatMap(String::lines).toList();
    }

    /** All blocks of a language. */
    List<String> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(result -> result.group(1).equals(language))
                .map(result -> result.group(2))
                .toList();
    }

    /** Where its links lead. */
    List<String> links() {
        return LINK.matcher(CODE.matcher(prose()).replaceAll(""))
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    /** The rows of all tables with that head. */
    List<List<String>> tables(String... head) {
        String start = "| " + String.join(" | ", head) + " |";
        List<List<String>> rows = new ArrayList<>();
        for (String part : text.split("(?m)^(?=" + Pattern.quote(start) + "$)", -1)) {
            if (part.startsWith(start)) {
                rows.addAll(new Document(part).table(head));
            }
        }
        return rows;
    }

    /** The cells of the rows of the one table whose head begins with these cells. */
    List<List<String>> table(String... head) {
        String start = "| " + String.join(" | ", head) + " |";
        List<List<String>> rows = new ArrayList<>();
        List<String> lines = text.lines().toList();
        int at = lines.indexOf(start);
        if (at < 0) {
            throw new AssertionError("no table with the head " + start);
        }
        for (int i = at + 2; i < lines.size() && lines.get(i).startsWith("|"); i++) {
            String line = lines.get(i);
            String[] cells = line.substring(1, line.length() - 1).split("\\|", -1);
            rows.add(List.of(cells).stream().map(String::strip).toList());
        }
        return rows;
    }

    /** The text of the first code span of a cell. */
    static String code(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult result) -> result.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no code in the cell " + cell));
    }
}
