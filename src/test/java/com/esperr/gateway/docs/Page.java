package com.esperr.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page as somebody follows it: the files it has him write and the commands it has him give, in their order. Immutable.
 *
 * @param name for whom a step fails
 * @param steps what is done, first to last
 */
record Page(String name, List<Step> steps) {
    private static final Pattern BLOCK =
            Pattern.compile("^```([\\w-]*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+)`:\\s*$");
    private static final Pattern CONTINUED = Pattern.compile("\\\\\n\\s*");

    /** Something to do. */
    sealed interface Step permits Write, Command {}

    /** A block below a line that ends with a file's name in code and a colon. */
    record Write(String file, String text) implements Step {}

    /** A line of a block {@code sh}; {@code output} is the block {@code text} right behind it, or nothing. */
    record Command(String line, List<String> output) implements Step {}

    /** All pages below {@code docs}. */
    static List<Path> files() {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page of(String name, String text) {
        List<Step> steps = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        for (int end = 0; blocks.find(); end = blocks.end()) {
            String before = text.substring(end, blocks.start());
            switch (blocks.group(1)) {
                case "sh" ->
                    CONTINUED
                            .matcher(blocks.group(2))
                            .replaceAll(" ")
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .forEach(line -> steps.add(new Command(line.strip(), List.of())));
                case "text" -> expect(steps, before, blocks.group(2));
                case "console" -> {}
                default ->
                    FILE.matcher(before)
                            .results()
                            .map((MatchResult file) -> file.group(1))
                            .findFirst()
                            .ifPresent(file -> steps.add(new Write(file, blocks.group(2))));
            }
        }
        return new Page(name, List.copyOf(steps));
    }

    private static void expect(List<Step> steps, String before, String text) {
        if (before.isBlank() && !steps.isEmpty() && steps.get(steps.size() - 1) instanceof Command command) {
            steps.set(steps.size() - 1, new Command(command.line(), text.lines().toList()));
        }
    }

    List<Command> commands() {
        return steps.stream()
                .filter(Command.class::isInstance)
                .map(Command.class::cast)
                .toList();
    }
}
