package com.esperr.gateway.docs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The page of all keys, made from the reference configuration: a section of the file is a table. Not thread-safe. */
final class ReferencePage {
    private static final ConfigRenderOptions JSON = ConfigRenderOptions.concise();
    private static final Pattern MARKUP = Pattern.compile("[*_<\\[\\]`|]");
    private static final Pattern EXAMPLE = Pattern.compile("[a-z-]+ (?:= )?[\\[{].*");
    private static final String TOP = "Outside of sections";

    private final StringBuilder text = new StringBuilder();

    private ReferencePage() {}

    /** The page, behind what people have written at its head. */
    static String of(String head, Config reference) {
        ReferencePage page = new ReferencePage();
        page.text.append(head.strip()).append('\n');
        List<Map.Entry<String, ConfigValue>> all = inOrder(reference.root());
        page.heading(TOP, List.of());
        all.stream().filter(entry -> !isSection(entry.getValue())).forEach(entry -> page.row("", entry));
        all.stream().filter(entry -> isSection(entry.getValue())).forEach(page::section);
        return page.text.toString();
    }

    private static boolean isSection(ConfigValue value) {
        return value instanceof ConfigObject object && !object.isEmpty();
    }

    /** As they stand in the file. */
    private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject object) {
        List<Map.Entry<String, ConfigValue>> entries = new ArrayList<>(object.entrySet());
        entries.sort(Comparator.<Map.Entry<String, ConfigValue>>comparingInt(
                        entry -> entry.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey));
        return entries;
    }

    private void section(Map.Entry<String, ConfigValue> entry) {
        heading("`" + entry.getKey() + "`", entry.getValue().origin().comments());
        rows(entry.getKey() + ".", (ConfigObject) entry.getValue());
    }

    private void heading(String name, List<String> comments) {
        text.append("\n## ").append(name).append('\n');
        if (!comments.isEmpty()) {
            text.append('\n').append(told(comments)).append('\n');
        }
        text.append("\n| Key | Default | Is |\n|---|---|---|\n");
    }

    private void rows(String path, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> entry : inOrder(object)) {
            row(path, entry);
            if (isSection(entry.getValue())) {
                rows(path + entry.getKey() + ".", (ConfigObject) entry.getValue());
            }
        }
    }

    private void row(String path, Map.Entry<String, ConfigValue> entry) {
        ConfigValue value = entry.getValue();
        String comments = told(value.origin().comments());
        if (isSection(value) && comments.isEmpty()) {
            return;
        }
        String standard = isSection(value) ? "" : "`" + standard(value) + "`";
        List<String> cells = List.of("`" + path + entry.getKey() + "`", standard, comments);
        cells.forEach(cell -> text.append(cell.isEmpty() ? "| " : "| " + cell + " "));
        text.append("|\n");
    }

    private static String standard(ConfigValue value) {
        Object plain = value.unwrapped();
        boolean bare = plain instanceof String words && !words.isEmpty();
        return (bare ? plain.toString() : value.render(JSON)).replace("|", "\\|");
    }

    /** The comments as one paragraph, in which an example is code. */
    private static String told(List<String> comments) {
        List<String> parts = new ArrayList<>();
        StringBuilder example = new StringBuilder();
        for (String comment : comments) {
            String line = comment.strip();
            if (example.length() > 0 || EXAMPLE.matcher(line).matches()) {
                example.append(example.length() > 0 ? " " : "").append(line);
                if (closes(example)) {
                    parts.add("`" + example.toString().replace("|", "\\|") + "`");
                    example.setLength(0);
                }
            } else {
                parts.add(MARKUP.matcher(line).replaceAll(found -> "\\\\" + found.group()));
            }
        }
        parts.add(example.toString());
        return String.join(" ", parts).strip();
    }

    private static boolean closes(CharSequence example) {
        return example.chars()
                        .map(c -> c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0)
                        .sum()
                == 0;
    }
}
