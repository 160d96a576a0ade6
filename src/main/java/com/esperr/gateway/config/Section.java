package com.esperr.gateway.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One configuration object being read; features make their records out of it. Every read marks its key as known. A bad
 * value records a {@link Problem} and yields the reference default, or a legal stand-in, so that reading goes on and all
 * problems are found at once. Sections inside lists and freely named objects have no reference: there an absent key is a
 * problem, except for the methods ending in {@code Or} and {@code OrNull} and for lists and maps, which are then empty.
 * Confined to the thread that reads the configuration.
 */
public final class Section {
    private static final String ENTRY = "text (a name with dots must be quoted)";
    private static final ConfigObject EMPTY = ConfigFactory.empty().root();

    private final Reading reading;
    private final String path;
    private final Location where;
    /** What it says, defaults included. */
    final ConfigObject values;

    private final @Nullable ConfigObject defaults;
    private final KnownKeys known;

    Section(
            Reading reading,
            String path,
            Location where,
            ConfigObject values,
            @Nullable ConfigObject defaults,
            KnownKeys known) {
        this.reading = reading;
        this.path = path;
        this.where = where;
        this.values = values;
        this.defaults = defaults;
        this.known = known;
    }

    /** The path from the root, {@code limits} or {@code routes[0]}; empty for the root. */
    public String path() {
        return path;
    }

    /** A nested object; an absent one reads as empty where there is no reference. */
    public Section section(String key) {
        ConfigValue value = find(key);
        ConfigObject standard = Values.object(standard(key));
        ConfigObject object = Values.object(value);
        if (object != null) {
            return nested(reading, key, object, standard);
        }
        if (value != null) {
            reading.report(value, pathOf(key), "an object { … }");
            return nested(reading.muted(), key, standard == null ? EMPTY : standard, standard);
        }
        if (defaults != null) {
            reading.report(location(key), pathOf(key), "missing", "an object { … }");
        }
        return nested(defaults == null ? reading : reading.muted(), key, EMPTY, standard);
    }

    /**
     * A nested object that is read like {@code model}: besides what its own reference has, each key of the model's is known and has
     * the model's reference default.
     */
    public Section sectionLike(String key, Section model) {
        Section own = section(key);
        ConfigObject standard = own.defaults == null ? EMPTY : own.defaults;
        ConfigObject defaults = model.defaults == null ? standard : standard.withFallback(model.defaults);
        return new Section(own.reading, own.path, own.where, own.values.withFallback(defaults), defaults, own.known);
    }

    /** A nested object, or null where it is absent. */
    public @Nullable Section sectionOrNull(String key) {
        return find(key) == null ? null : section(key);
    }

    /** The objects of a list, in order; their paths are {@code key[0]}, {@code key[1]}… */
    public List<Section> sections(String key) {
        KnownKeys each = known.child(key).each();
        ConfigValue value = find(key);
        List<Section> sections = new ArrayList<>();
        if (value instanceof ConfigList list) {
            for (int i = 0; i < list.size(); i++) {
                addMember(sections, Keys.item(pathOf(key), i), list.get(i), each);
            }
        } else if (value != null) {
            reading.report(value, pathOf(key), "a list of objects [ { … } ]");
        }
        return List.copyOf(sections);
    }

    /**
     * The objects of a list, each read like {@code model}, a section beside it: what one does not say has the model's
     * reference default, not what the model says here. Only {@code own} keys have none and must be given.
     */
    public List<Section> sectionsLike(String key, String model, String... own) {
        ConfigObject standard = Values.object(standard(model));
        KnownKeys each = known.child(key).each();
        List<Section> sections = new ArrayList<>();
        for (Section plain : sections(key)) {
            ConfigObject defaults = standard == null ? EMPTY : standard;
            for (String one : own) {
                defaults = defaults.withoutKey(one);
            }
            ConfigObject values = plain.values.withFallback(defaults);
            sections.add(new Section(reading, plain.path, plain.where, values, defaults, each));
        }
        return List.copyOf(sections);
    }

    /** The members of an object whose names are free, sorted by name. */
    public Map<String, Section> namedSections(String key) {
        KnownKeys each = known.child(key).each();
        ConfigValue value = find(key);
        Map<String, Section> sections = new LinkedHashMap<>();
        if (value instanceof ConfigObject object) {
            new TreeMap<>(object).forEach((name, member) -> {
                List<Section> one = new ArrayList<>(1);
                addMember(one, Keys.join(pathOf(key), name), member, each);
                one.forEach(section -> sections.put(name, section));
            });
        } else if (value != null) {
            reading.report(value, pathOf(key), "named objects { name { … } }");
        }
        return Collections.unmodifiableMap(sections);
    }

    /** A text. */
    public String string(String key) {
        return take(key, Form.TEXT);
    }

    /** A text, or null when it is absent, null or empty. */
    public @Nullable String stringOrNull(String key) {
        return parsedOrNull(key, Form.TEXT.expectation(), text -> text);
    }

    /** A text, or the fallback when it is absent. */
    public String stringOr(String key, String fallback) {
        return takeOr(key, fallback, Form.TEXT);
    }

    /** A text that must not be blank; empty when it is. */
    public String required(String key, String expectation) {
        ConfigValue value = find(key);
        String text = value == null ? "" : Values.text(value);
        if (text != null && !text.isBlank()) {
            return text;
        }
        if (value == null) {
            missing(key, expectation);
        } else {
            reading.report(value, pathOf(key), expectation);
        }
        return "";
    }

    /** True or false, also spelled yes, no, on, off. */
    public boolean flag(String key) {
        return take(key, Form.FLAG);
    }

    /** Like {@link #flag}, or the fallback when it is absent. */
    public boolean flagOr(String key, boolean fallback) {
        return takeOr(key, fallback, Form.FLAG);
    }

    /** A whole number of the range, both ends included. */
    public int integer(String key, int min, int max) {
        return take(key, Form.integer(min, max));
    }

    /** Like {@link #integer}, or the fallback when it is absent. */
    public int integerOr(String key, int fallback, int min, int max) {
        return takeOr(key, fallback, Form.integer(min, max));
    }

    /** A whole number of the range, both ends included. */
    public long number(String key, long min, long max) {
        return take(key, Form.number(min, max));
    }

    /** Like {@link #number}, or the fallback when it is absent. */
    public long numberOr(String key, long fallback, long min, long max) {
        return takeOr(key, fallback, Form.number(min, max));
    }

    /** A finite decimal of the range, both ends included. */
    public double fraction(String key, double min, double max) {
        return take(key, Form.fraction(min, max));
    }

    /** Like {@link #fraction}, or the fallback when it is absent. */
    public double fractionOr(String key, double fallback, double min, double max) {
        return takeOr(key, fallback, Form.fraction(min, max));
    }

    /** A size such as {@code 64 KiB}, in bytes. */
    public long bytes(String key, long min, long max) {
        return take(key, Form.bytes(min, max));
    }

    /** Like {@link #bytes}, or the fallback when it is absent. */
    public long bytesOr(String key, long fallback, long min, long max) {
        return takeOr(key, fallback, Form.bytes(min, max));
    }

    /** A duration with its unit, such as {@code 250 ms}; only 0 may stand without. */
    public Duration duration(String key, Duration min, Duration max) {
        return take(key, Form.duration(min, max));
    }

    /** Like {@link #duration}, or the fallback when it is absent. */
    public Duration durationOr(String key, Duration fallback, Duration min, Duration max) {
        return takeOr(key, fallback, Form.duration(min, max));
    }

    /** One constant of the enum, written in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return take(key, Form.choice(type));
    }

    /** Like {@link #choice}, or the fallback when it is absent. */
    public <E extends Enum<E>> E choiceOr(String key, E fallback, Class<E> type) {
        return takeOr(key, fallback, Form.choice(type));
    }

    /** A list of texts, also as one text with commas, which is how the environment writes lists. */
    public List<String> strings(String key) {
        return parsedList(key, Form.TEXT.expectation(), text -> text);
    }

    /** A text that the parser understands; the stand-in is used when not even the default can be parsed. */
    public <T> T parsed(String key, String expectation, T standIn, Parser<T> parser) {
        return take(key, new Form<>(expectation, standIn, parser));
    }

    /** Like {@link #parsed}, or the fallback when it is absent. */
    public <T> T parsedOr(String key, String expectation, T fallback, Parser<T> parser) {
        return takeOr(key, fallback, new Form<>(expectation, fallback, parser));
    }

    /** A text that the parser understands; null when it is absent, null, empty or bad. */
    public <T> @Nullable T parsedOrNull(String key, String expectation, Parser<T> parser) {
        ConfigValue value = find(key);
        if (value == null || "".equals(Values.text(value))) {
            return null;
        }
        return attempt(value, pathOf(key), expectation, parser);
    }

    /** A list whose texts the parser understands; bad ones are reported one by one and left out. */
    public <T> List<T> parsedList(String key, String expectation, Parser<T> parser) {
        ConfigValue value = find(key);
        List<ConfigValue> elements = value == null ? List.of() : Values.elements(value);
        if (elements == null && value != null) {
            reading.report(value, pathOf(key), "a list [ … ] of " + expectation);
        }
        List<T> read = new ArrayList<>();
        for (int i = 0; elements != null && i < elements.size(); i++) {
            T item = attempt(elements.get(i), Keys.item(pathOf(key), i), expectation, parser);
            if (item != null) {
                read.add(item);
            }
        }
        return List.copyOf(read);
    }

    /** An object of texts with free names, sorted by name. */
    public Map<String, String> entries(String key) {
        known.child(key).markWhole();
        ConfigValue value = find(key);
        Map<String, String> entries = new LinkedHashMap<>();
        if (value instanceof ConfigObject object) {
            new TreeMap<>(object).forEach((name, member) -> {
                String text = attempt(member, Keys.join(pathOf(key), name), ENTRY, one -> one);
                if (text != null) {
                    entries.put(name, text);
                }
            });
        } else if (value != null) {
            reading.report(value, pathOf(key), "named texts { name = … }");
        }
        return Collections.unmodifiableMap(entries);
    }

    /** What the reference says, empty where there is none. */
    ConfigObject standards() {
        return defaults == null ? EMPTY : defaults;
    }

    /** The same over other defaults. */
    Section over(ConfigObject fallback) {
        return new Section(reading, path, where, values.withFallback(fallback), fallback, known);
    }

    /** Whether the key has a value. */
    public boolean has(String key) {
        return find(key) != null;
    }

    /** Whether the value of the key is an object, for keys that take an object or a text. */
    public boolean isObject(String key) {
        return find(key) instanceof ConfigObject;
    }

    /** Everything below a key as plain maps, lists and scalars, or null when it is absent. */
    public @Nullable Object raw(String key) {
        known.child(key).markWhole();
        ConfigValue value = find(key);
        return value == null ? null : value.unwrapped();
    }

    /** Where the key was written, or the section where it was not. */
    public Location location(String key) {
        ConfigValue value = values.get(key);
        return value == null ? where : Location.of(value.origin());
    }

    /** Records what only the reader can see, such as two keys that contradict each other; an empty key is the section. */
    public void problem(String key, String value, String expectation) {
        reading.report(location(key), key.isEmpty() ? path : pathOf(key), value, expectation);
    }

    private <T> T take(String key, Form<T> form) {
        ConfigValue value = find(key);
        if (value == null) {
            missing(key, form.expectation());
            return standIn(key, form);
        }
        T read = attempt(value, pathOf(key), form.expectation(), form.parser());
        return read == null ? standIn(key, form) : read;
    }

    private <T> T takeOr(String key, T fallback, Form<T> form) {
        ConfigValue value = find(key);
        T read = value == null ? null : attempt(value, pathOf(key), form.expectation(), form.parser());
        return read == null ? fallback : read;
    }

    private <T> T standIn(String key, Form<T> form) {
        ConfigValue standard = standard(key);
        String text = standard == null ? null : Values.text(standard);
        T read = text == null ? null : form.read(text);
        return read == null ? form.standIn() : read;
    }

    private <T> @Nullable T attempt(ConfigValue value, String at, String expectation, Parser<T> parser) {
        String text = Values.text(value);
        T read = text == null ? null : Form.read(parser, text);
        if (read == null) {
            reading.report(value, at, expectation);
        }
        return read;
    }

    private void missing(String key, String expectation) {
        reading.report(location(key), pathOf(key), values.containsKey(key) ? "null" : "missing", expectation);
    }

    private void addMember(List<Section> sections, String at, ConfigValue value, KnownKeys each) {
        if (value instanceof ConfigObject object) {
            sections.add(new Section(reading, at, Location.of(object.origin()), object, null, each));
        } else {
            reading.report(value, at, "an object { … }");
        }
    }

    private Section nested(Reading into, String key, ConfigObject object, @Nullable ConfigObject standard) {
        Location place = object.isEmpty() ? location(key) : Location.of(object.origin());
        return new Section(into, pathOf(key), place, object, standard, known.child(key));
    }

    private @Nullable ConfigValue find(String key) {
        known.child(key);
        return Values.present(values.get(key));
    }

    private @Nullable ConfigValue standard(String key) {
        return defaults == null ? null : Values.present(defaults.get(key));
    }

    private String pathOf(String key) {
        return Keys.join(path, key);
    }
}
