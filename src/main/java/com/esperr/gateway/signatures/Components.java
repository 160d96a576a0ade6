package com.esperr.gateway.signatures;

import com.esperr.gateway.http.Fields;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values of a message's components (RFC 9421 section 2). Stateless. */
final class Components {
    private static final Set<String> PARAMETERS = Set.of("sf", "key", "bs");
    private static final Set<String> DICTIONARIES =
            Set.of("signature", "signature-input", "signature-agent", "content-digest", "priority", "cache-control");
    private static final int LONGEST_DICTIONARY = 8192;
    private static final String FORM_SAFE = "*-._";

    private Components() {}

    /** @throws BadSignature if {@code message} has no such component, or not exactly one */
    static String value(SignedMessage message, String name, Parameters parameters) {
        if (name.startsWith("@")) {
            return derived(message, name, parameters);
        }
        for (String parameter : parameters.names()) {
            if (!PARAMETERS.contains(parameter)) {
                throw new BadSignature("component " + name + " has a parameter that cannot be kept: " + parameter);
            }
        }
        return field(message.fields(), name, parameters);
    }

    private static String derived(SignedMessage message, String name, Parameters parameters) {
        if (name.equals("@query-param")) {
            String wanted = parameters.text("name");
            if (wanted == null || parameters.names().size() != 1) {
                throw new BadSignature("@query-param without a name");
            }
            return queryParameter(query(message), wanted);
        }
        if (!parameters.names().isEmpty()) {
            throw new BadSignature("component " + name + " has a parameter");
        }
        if (name.equals("@status") && message.status() > 0) {
            return Integer.toString(message.status());
        }
        String value = message.status() == 0 ? ofRequest(message, name) : null;
        if (value == null) {
            throw new BadSignature("no such component: " + name);
        }
        return value;
    }

    private static @Nullable String ofRequest(SignedMessage message, String name) {
        return switch (name) {
            case "@method" -> message.method();
            case "@scheme" -> message.scheme().toLowerCase(Locale.ROOT);
            case "@authority" -> authority(message);
            case "@target-uri" ->
                message.scheme().toLowerCase(Locale.ROOT) + "://" + authority(message) + message.target();
            case "@request-target" -> message.target();
            case "@path" -> path(message.target());
            case "@query" -> '?' + query(message);
            default -> null;
        };
    }

    /** Lower-case and without the port that goes without saying (RFC 9421 section 2.2.3). */
    private static String authority(SignedMessage message) {
        String authority = message.authority().toLowerCase(Locale.ROOT);
        String port = message.scheme().equalsIgnoreCase("https") ? ":443" : ":80";
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    private static String path(String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        return path.isEmpty() ? "/" : path;
    }

    private static String query(SignedMessage message) {
        int mark = message.target().indexOf('?');
        return mark < 0 ? "" : message.target().substring(mark + 1);
    }

    private static String queryParameter(String query, String wanted) {
        String name = decoded(wanted);
        String value = null;
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (decoded(equals < 0 ? parameter : parameter.substring(0, equals)).equals(name)) {
                if (value != null) {
                    // Which of them somebody behind us would take is not said (RFC 9421 section 2.2.8).
                    throw new BadSignature("several query parameters of one name");
                }
                value = equals < 0 ? "" : parameter.substring(equals + 1);
            }
        }
        if (value == null) {
            throw new BadSignature("no such query parameter");
        }
        return encoded(decoded(value));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new BadSignature("a query parameter is not percent-encoded");
        }
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (safe || FORM_SAFE.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    private static String field(Fields fields, String name, Parameters parameters) {
        List<String> values = fields.all(name);
        if (values.isEmpty()) {
            throw new BadSignature("no such field: " + name);
        }
        if (parameters.has("bs")) {
            if (parameters.names().size() != 1 || !parameters.isSet("bs")) {
                throw new BadSignature("component " + name + " has parameters that contradict each other");
            }
            return values.stream()
                    .map(value ->
                            ':' + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.ISO_8859_1)) + ':')
                    .collect(Collectors.joining(", "));
        }
        String joined = values.stream().map(String::strip).collect(Collectors.joining(", "));
        boolean read = parameters.has("key") || parameters.isSet("sf");
        if (read && joined.length() > LONGEST_DICTIONARY) {
            throw new BadSignature("component " + name + " is longer than what is read");
        }
        if (parameters.has("key")) {
            return member(joined, parameters.text("key"));
        }
        if (!parameters.isSet("sf")) {
            return joined;
        }
        if (!DICTIONARIES.contains(name)) {
            throw new BadSignature("not known to be a structured field: " + name);
        }
        return StructuredFields.text(StructuredFields.dictionary(joined));
    }

    private static String member(String joined, @Nullable String key) {
        Member member = key == null ? null : StructuredFields.dictionary(joined).get(key);
        if (member == null) {
            throw new BadSignature("no such member of a dictionary");
        }
        return member.toString();
    }

    /** The members of a dictionary that several lines make up. */
    static Map<String, Member> dictionary(Fields fields, String name) {
        return StructuredFields.dictionary(String.join(", ", fields.all(name)));
    }
}
