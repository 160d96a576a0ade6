package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What came of reading a configuration: a value, or everything that is wrong with it. Immutable. */
public final class Loaded<T> {
    private final @Nullable T value;
    private final List<Problem> problems;
    private final List<String> warnings;
    private final Config effective;
    private final Masking masking;

    Loaded(@Nullable T value, List<Problem> problems, List<String> warnings, Config effective, Masking masking) {
        this.value = value;
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
        this.effective = effective;
        this.masking = masking;
    }

    /** Whether there is a value to run with. */
    public boolean isValid() {
        return problems.isEmpty() && value != null;
    }

    /** The value; throws when there are problems, since a half-read configuration must not be run. */
    public T value() {
        if (value == null || !problems.isEmpty()) {
            throw new IllegalStateException(
                    problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        return value;
    }

    /**
     * What was read, with stand-ins where something is wrong, so that more can be found wrong at once; never to be run. Null
     * when not even that could be made.
     */
    public @Nullable T sketch() {
        return value;
    }

    /** What is wrong, by file and line. */
    public List<Problem> problems() {
        return problems;
    }

    /** What the operator should know although it is legal. */
    public List<String> warnings() {
        return warnings;
    }

    /** All layers merged; holds secrets in the clear. */
    public Config effective() {
        return effective;
    }

    /** Every key in force on a line of its own, with its value and where that came from; secrets are masked. */
    public String render() {
        List<String> lines = new ArrayList<>();
        render("", effective.root(), lines);
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void render(String path, ConfigValue value, List<String> lines) {
        if (value instanceof ConfigObject object && (path.isEmpty() || !object.isEmpty())) {
            new TreeMap<>(object).forEach((key, below) -> render(Keys.join(path, key), below, lines));
        } else if (value instanceof ConfigList list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                render(Keys.item(path, i), list.get(i), lines);
            }
        } else {
            lines.add(path + " = " + shown(path, value) + "  # " + Location.of(value.origin()));
        }
    }

    private String shown(String path, ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "{}";
            case LIST -> "[]";
            case NULL -> "null";
            case STRING, NUMBER, BOOLEAN -> masking.shown(path, Values.shown(value));
        };
    }
}
