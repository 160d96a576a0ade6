package com.esperr.gateway.request;

import com.esperr.gateway.config.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sites behind the gateway, found by host and path: the most exact name counts, and of those with one name the longest
 * path. Immutable.
 */
public final class VirtualHosts {
    private static final String EXPECTED_UNKNOWN = "origin, or the status 400, 403, 404 or 421";
    private static final String MAIN = "origin";

    private final Map<String, List<Entry>> byName;
    private final @Nullable VirtualHost standard;
    private final int refusal;
    private final Routes standardRoutes;

    private VirtualHosts(
            Map<String, List<Entry>> byName, @Nullable VirtualHost standard, int refusal, Routes standardRoutes) {
        this.byName = byName;
        this.standard = standard;
        this.refusal = refusal;
        this.standardRoutes = standardRoutes;
    }

    /** One site for all hosts, with these routes. */
    public static VirtualHosts only(Routes routes) {
        return new VirtualHosts(Map.of(), VirtualHost.only(routes), 0, routes);
    }

    /**
     * Reads the lists {@code routes} and {@code hosts}, {@code unknown-host} of the root section, of which {@code policies.sets}
     * says which sets of policies a site can name.
     *
     * @param origins the names of the further groups of origins, in their order
     */
    public static VirtualHosts read(Section root, List<String> origins) {
        Set<String> policies = root.section("policies").namedSections("sets").keySet();
        Routes routes = Routes.read(root);
        Map<String, List<Entry>> byName = new HashMap<>();
        for (Section section : root.sections("hosts")) {
            VirtualHost site = new VirtualHost(
                    origin(section, origins),
                    section.has("routes") ? Routes.read(section) : routes,
                    section.choiceOr("enforcement", VirtualHost.Enforcement.FULL, VirtualHost.Enforcement.class),
                    section.parsedOrNull("policies", "a name in policies.sets", name -> known(name, policies)),
                    section.parsedOrNull("source", "a name", name -> name));
            String path = section.parsedOr("path", "a path such as /api", "/", VirtualHosts::path);
            List<HostPattern> names = section.parsedList("names", HostPattern.EXPECTED, HostPattern::parse);
            if (names.isEmpty() && !section.has("names")) {
                section.problem("names", "missing", HostPattern.EXPECTED);
            }
            for (HostPattern name : names) {
                List<Entry> entries = byName.computeIfAbsent(name.text(), key -> new ArrayList<>());
                if (entries.stream().anyMatch(entry -> entry.path.equals(path))) {
                    section.problem("names", name.text() + " with path " + path, "each only once");
                }
                entries.add(new Entry(path, site));
            }
        }
        byName.values().forEach(entries -> entries.sort(Comparator.comparing(entry -> -entry.path.length())));
        int refusal = root.parsed("unknown-host", EXPECTED_UNKNOWN, 0, VirtualHosts::refusal);
        return new VirtualHosts(Map.copyOf(byName), refusal == 0 ? VirtualHost.only(routes) : null, refusal, routes);
    }

    private static String known(String name, Set<String> names) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException(name);
        }
        return name;
    }

    private static int origin(Section section, List<String> origins) {
        return section.parsedOr("origin", "origin, or a name in origins", 0, name -> {
            int found = origins.indexOf(name);
            if (found < 0 && !name.equals(MAIN)) {
                throw new IllegalArgumentException(name);
            }
            return found + 1;
        });
    }

    private static String path(String text) {
        // One that no request can have after its path was brought into its one form would never match.
        if (!text.matches("/|(/[A-Za-z0-9._~!$&'()*+,=:@-]+)+") || text.matches(".*/\\.{1,2}(/.*)?")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static int refusal(String text) {
        if (text.equals(MAIN)) {
            return 0;
        }
        if (!text.matches("400|403|404|421")) {
            throw new IllegalArgumentException(text);
        }
        return Integer.parseInt(text);
    }

    /** Whether some route of a site asks for a pass. */
    public boolean requirePasses() {
        return Stream.concat(
                        Stream.ofNullable(standard),
                        byName.values().stream().flatMap(List::stream).map(Entry::site))
                .anyMatch(site -> site.routes().requirePasses());
    }

    /** The routes of sites that have none of their own. */
    public Routes standardRoutes() {
        return standardRoutes;
    }

    /** The status for hosts that no site has; 0 if they are served by section {@code origin}. */
    public int refusal() {
        return refusal;
    }

    /** The site of a request for {@code host}, without a port, and the normalised path; null if nobody has it. */
    @Nullable
    VirtualHost find(String host, String path) {
        if (byName.isEmpty()) {
            return standard;
        }
        VirtualHost found = under(host, path);
        for (int dot = host.indexOf('.'); found == null && dot >= 0; dot = host.indexOf('.', dot + 1)) {
            found = under("*" + host.substring(dot), path);
        }
        found = found == null ? under("*", path) : found;
        return found == null ? standard : found;
    }

    private @Nullable VirtualHost under(String name, String path) {
        for (Entry entry : byName.getOrDefault(name, List.of())) {
            if (entry.covers(path)) {
                return entry.site;
            }
        }
        return null;
    }

    private record Entry(String path, VirtualHost site) {
        boolean covers(String asked) {
            return path.length() == 1
                    || (asked.startsWith(path)
                            && (asked.length() == path.length() || asked.charAt(path.length()) == '/'));
        }
    }
}
