package com.esperr.gateway.proxy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.Methods;
import com.esperr.gateway.http.ResponseHead;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code response.headers}: what the operator changes in the head of an origin's final response. Immutable.
 *
 * @param set the only value of each name
 * @param add values besides what the origin sends
 * @param dropped the names, in lower case, of which no line of the origin's stays
 */
public record ResponseEdits(Map<String, String> set, Map<String, String> add, Set<String> dropped) {
    /** Nothing is changed. */
    static final ResponseEdits NONE = new ResponseEdits(Map.of(), Map.of(), Set.of());

    /**
     * Fields that say where a body ends, how it is coded, or what becomes of the connection, and the path of a message: an edit of
     * them would make the head say something else than what follows (RFC 9110 section 7.6.1, RFC 9112 section 6).
     */
    private static final Set<String> NEVER = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "via",
            "content-length",
            "content-encoding",
            "content-range");

    private static final String NAMES = "the name of a field that is not about framing or the connection";
    private static final String VALUES = "printable characters, none of them beyond ISO-8859-1";

    /** Reads the section. */
    public static ResponseEdits read(Section section) {
        List<String> remove = section.parsedList("remove", NAMES, ResponseEdits::name);
        Map<String, String> set = entries(section, "set");
        Map<String, String> add = entries(section, "add");
        if (set.isEmpty() && add.isEmpty() && remove.isEmpty()) {
            return NONE;
        }
        Set<String> dropped = new HashSet<>(remove);
        set.keySet().forEach(name -> {
            if (!dropped.add(lower(name))) {
                section.problem("set", name, "a name that is set once and not removed");
            }
        });
        return new ResponseEdits(set, add, Set.copyOf(dropped));
    }

    private static Map<String, String> entries(Section section, String key) {
        Map<String, String> entries = section.entries(key);
        entries.forEach((name, value) -> {
            if (!editable(name)) {
                section.problem(key, name, NAMES);
            } else if (!value.equals(value.strip()) || !value.chars().allMatch(ResponseEdits::printable)) {
                section.problem(key, name + " = " + value, VALUES);
            }
        });
        return entries;
    }

    private static String name(String text) {
        if (!editable(text)) {
            throw new IllegalArgumentException("not to be edited");
        }
        return lower(text);
    }

    private static boolean editable(String name) {
        return Methods.isToken(name) && !NEVER.contains(lower(name));
    }

    private static boolean printable(int c) {
        return c == '\t' || (c >= ' ' && c < 127) || (c > 159 && c < 256);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The head as it is after the changes. */
    ResponseHead apply(ResponseHead head) {
        if (dropped.isEmpty() && add.isEmpty()) {
            return head;
        }
        Fields fields = head.fields();
        Fields.Builder edited = Fields.builder(fields.size() + set.size() + add.size());
        for (int i = 0; i < fields.size(); i++) {
            if (!drops(fields, i, fields.known(i))) {
                edited.copy(fields, i);
            }
        }
        set.forEach(edited::add);
        add.forEach(edited::add);
        return head.with(edited.build());
    }

    private boolean drops(Fields fields, int i, @Nullable FieldName known) {
        return dropped.contains(known == null ? lower(fields.name(i)) : known.text());
    }
}
