package com.esperr.gateway.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Dockerfile as a list of instructions, lines that go on joined and comments left out. Immutable. */
record Dockerfile(List<Instruction> instructions) {
    /**
     * One instruction.
     *
     * @param stage which FROM it belongs to, counted from 0; -1 before the first
     */
    record Instruction(int stage, String name, String arguments) {
        /** The words behind flags such as {@code --from=build}. */
        List<String> words() {
            return List.of(arguments.split("\\s+")).stream()
                    .filter(word -> !word.startsWith("--"))
                    .toList();
        }

        /** Whether it is a JSON array, so that no shell stands between. */
        boolean isExec() {
            return arguments.startsWith("[\"") && arguments.endsWith("\"]");
        }

        /** The words of a JSON array. */
        List<String> exec() {
            return List.of(arguments.substring(2, arguments.length() - 2).split("\",\\s*\""));
        }
    }

    static Dockerfile read(Path file) {
        List<Instruction> instructions = new ArrayList<>();
        int stage = -1;
        for (String line : logicalLines(file)) {
            String[] parts = line.split("\\s+", 2);
            if (parts[0].equals("FROM")) {
                stage++;
            }
            instructions.add(new Instruction(stage, parts[0], parts.length == 1 ? "" : parts[1]));
        }
        return new Dockerfile(List.copyOf(instructions));
    }

    private static List<String> logicalLines(Path file) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String physical : lines(file)) {
            if (physical.isBlank() || physical.startsWith("#")) {
                continue;
            }
            boolean more = physical.endsWith("\\");
            line.append(more ? physical.substring(0, physical.length() - 1) : physical);
            if (!more) {
                lines.add(line.toString().strip());
                line.setLength(0);
            }
        }
        return lines;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int lastStage() {
        return instructions.get(instructions.size() - 1).stage();
    }

    /** All instructions of that name in that stage. */
    List<Instruction> in(int stage, String name) {
        return instructions.stream()
                .filter(instruction ->
                        instruction.stage() == stage && instruction.name().equals(name))
                .toList();
    }
}
