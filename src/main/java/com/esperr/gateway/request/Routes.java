package com.esperr.gateway.request;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.http.Methods;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configured routes in their order; the first that matches counts. Immutable. */
public final class Routes {
    /** No configured routes: every path is ordinary. */
    public static final Routes NONE = new Routes(List.of());

    private static final Match ORDINARY = new Match(Route.ORDINARY, Map.of());

    private final List<Entry> entries;

    private Routes(List<Entry> entries) {
        this.entries = entries;
    }

    /** Reads the list {@code routes} of the root section. */
    public static Routes read(Section root) {
        return new Routes(root.sections("routes").stream().map(Routes::entry).toList());
    }

    private static Entry entry(Section section) {
        RouteTemplate template = section.parsed(
                "path",
                "a path such as /login, /account/{id} or /api/**",
                RouteTemplate.parse("/**"),
                RouteTemplate::parse);
        List<String> methods = section.parsedList("methods", "a method such as POST", Routes::method);
        Tier tier = section.choice("tier", Tier.class);
        int level = section.integerOr("require-level", 0, 0, Route.HIGHEST_LEVEL);
        if (level > 0 && tier == Tier.EXEMPT) {
            section.problem("require-level", Integer.toString(level), "0, because the tier is exempt");
        }
        return new Entry(template, Set.copyOf(methods), new Route(section.stringOr("path", "/**"), tier, level));
    }

    private static String method(String text) {
        if (!Methods.isToken(text)) {
            throw new IllegalArgumentException("not a method");
        }
        return text;
    }

    /** The route of a request for the normalised {@code path}. */
    Match match(String method, String path) {
        for (Entry entry : entries) {
            if (entry.methods.isEmpty() || entry.methods.contains(method)) {
                Map<String, String> captured = entry.template.match(path);
                if (captured != null) {
                    return new Match(entry.route, captured);
                }
            }
        }
        return ORDINARY;
    }

    /** Whether some route asks for a pass. */
    public boolean requirePasses() {
        return entries.stream().anyMatch(entry -> entry.route.requiredLevel() > 0);
    }

    /** Every configured route, in order. */
    public List<Route> all() {
        return entries.stream().map(Entry::route).toList();
    }

    private record Entry(RouteTemplate template, Set<String> methods, Route route) {}

    /**
     * The outcome of a look-up.
     *
     * @param route what was found
     * @param parameters the segments that its template captured
     */
    record Match(Route route, Map<String, String> parameters) {}
}
