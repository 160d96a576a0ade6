package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What came of reading a configuration: a value, or everything that is wrong with it. Immutable. */
public final class Loaded<T> {
    private static final int HASH_BYTES = 6;

    private final @Nullable T value;
    private final List<Problem> problems;
    private final Layers layers;
    private final @Nullable ConfigSource source;
    private final Function<Section, T> reader;

    Loaded(
            @Nullable T value,
            List<Problem> problems,
            Layers layers,
            @Nullable ConfigSource source,
            Function<Section, T> reader) {
        this.value = value;
        this.problems = List.copyOf(problems);
        this.layers = layers;
        this.source = source;
        this.reader = reader;
    }

    /** What the same files, and all that is above them, come to now; blocks on the file system. */
    public Loaded<T> again() {
        return source == null ? this : Configurations.read(source, reader);
    }

    /** The keys whose values are others than in {@code before}, in order; a list is one key. */
    public List<String> changes(Loaded<?> before) {
        return Changes.between(before.layers.effective(), layers.effective());
    }

    /** This, but for changed keys that {@code fixed} names, which are as in {@code before}; checked as a whole once more. */
    public Loaded<T> keeping(Loaded<T> before, Predicate<String> fixed) {
        Config kept = Changes.keeping(before.layers.effective(), layers.effective(), fixed);
        return source == null ? this : Configurations.read(layers.with(kept), source, reader);
    }

    /** The files that were read, or would have been had they been there. */
    public List<Path> files() {
        return layers.files();
    }

    /** Stands for all keys and values: the same only if all of them are. */
    public String hash() {
        try {
            byte[] all = layers.effective()
                    .root()
                    .render(ConfigRenderOptions.concise())
                    .getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all);
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
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
        return layers.warnings();
    }

    /** Where the value of a key was written, one name per level: file and line, variable or option; the key if nothing has it. */
    public String place(List<String> key) {
        Config all = layers.effective();
        String path = ConfigUtil.joinPath(key);
        return all.hasPath(path) ? Location.of(all.getValue(path).origin()).toString() : path;
    }

    /** All layers merged; holds secrets in the clear. */
    public Config effective() {
        return layers.effective();
    }

    /** Every key in force on a line of its own, with its value and where that came from; secrets are masked. */
    public String render() {
        List<String> lines = new ArrayList<>();
        render("", layers.effective().root(), lines);
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
            case STRING, NUMBER, BOOLEAN -> layers.masking().shown(path, Values.shown(value));
        };
    }
}
