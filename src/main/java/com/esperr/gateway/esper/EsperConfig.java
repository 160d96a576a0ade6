package com.esperr.gateway.esper;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.request.ReturnUrl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Section {@code esper} as far as the wire goes: where the API is, who we are, and what a question holds. Immutable.
 *
 * @param apiUrl scheme, host and port of the API
 * @param apiKey the tenant's key
 * @param profile the shape of a question
 * @param tenantId the tenant, empty if it is not sent
 * @param platformField the name under which the flat shape sends it
 * @param mitigationPath the path of the runtime call
 * @param headers request headers that are sent
 * @param cookies cookies that are sent
 * @param queryParams query parameters that are sent
 * @param repeated which of several values is sent
 * @param forwardedFor what is sent as x-forwarded-for
 * @param identity whether address and user agent stand beside the headers
 * @param fields what goes into {@code fields}, by name
 * @param hash replaces values that are not to be seen
 * @param bodyPrefix how much of a body is looked into
 * @param bodyHeld how much of all bodies together is held for that
 * @param bodyTimeout how long a decision waits for that
 * @param answer where an answer says what
 * @param warnings what is allowed but dangerous, one sentence each
 */
public record EsperConfig(
        OriginUrl apiUrl,
        ApiKey apiKey,
        Profile profile,
        String tenantId,
        String platformField,
        String mitigationPath,
        NameFilter headers,
        NameFilter cookies,
        NameFilter queryParams,
        Repeated repeated,
        ForwardedFor forwardedFor,
        boolean identity,
        Map<String, Extractor> fields,
        KeyedHash hash,
        int bodyPrefix,
        long bodyHeld,
        Duration bodyTimeout,
        AnswerKeys answer,
        List<String> warnings) {
    private static final OriginUrl NOWHERE = OriginUrl.parse("https://api.esperr.com");
    private static final Pattern PATH = Pattern.compile("/[!-\"$->@-~]*");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]*");
    // The visitor's word about his address is replaced by what is known about it.
    private static final Set<String> REPLACED_HEADERS = Set.of("x-forwarded-for", "forwarded", "x-real-ip");
    private static final String EXPECTED = "(expected: ";

    /**
     * Reads the section.
     *
     * @param needed whether the API will be called, so that a missing key is a problem
     */
    public static EsperConfig read(Section section, boolean needed) {
        OriginUrl apiUrl =
                section.parsed("api-url", "http://host[:port] or https://host[:port]", NOWHERE, OriginUrl::parse);
        List<String> warnings = new ArrayList<>();
        ApiKey apiKey = ApiKeySource.read(section, needed, warnings);
        Profile profile = section.choice("profile", Profile.class);
        String tenantId = section.string("tenant-id");
        if (needed && profile == Profile.LEGACY_FLAT && tenantId.isEmpty()) {
            section.problem("tenant-id", "empty", "the platform id, which profile legacy-flat sends");
        }
        if (needed && apiUrl.scheme() == OriginUrl.Scheme.HTTP && !isLoopback(apiUrl.address())) {
            warnings.add(
                    "esper.api-url: " + apiUrl + " sends the API key and what is known about visitors in clear text");
        }
        int bodyPrefix = Math.toIntExact(section.section("body").bytes("prefix", 1, 1 << 20));
        long bodyHeld = section.section("body").bytes("held-bytes", 1, 1L << 40);
        if (bodyHeld < bodyPrefix) {
            section.section("body").problem("held-bytes", bodyHeld + " B", "at least esper.body.prefix");
        }
        return new EsperConfig(
                apiUrl,
                apiKey,
                profile,
                tenantId,
                section.string("platform-field"),
                path(section),
                headers(section),
                NameFilter.of(section.strings("cookies"), Credentials.COOKIES),
                NameFilter.of(section.strings("query-params"), Set.of(ReturnUrl.PROOF_PARAMETER)),
                section.choice("repeated", Repeated.class),
                section.choice("forwarded-for", ForwardedFor.class),
                section.flag("identity"),
                fields(section),
                hash(section.string("hash-key"), apiKey),
                bodyPrefix,
                bodyHeld,
                section.section("body").duration("timeout", Duration.ofMillis(1), Duration.ofMinutes(1)),
                AnswerKeys.read(section.section("answer")),
                List.copyOf(warnings));
    }

    private static KeyedHash hash(String hashKey, ApiKey apiKey) {
        String secret = hashKey.isEmpty() ? apiKey.text() : hashKey;
        // An empty key is none to Java; with neither configured nobody is asked, and nothing is hashed.
        return new KeyedHash((secret.isEmpty() ? "esper-gateway" : secret).getBytes(StandardCharsets.UTF_8));
    }

    private static String path(Section section) {
        return section.parsed("mitigation-path", "a path, such as /api/v1/runtime/mitigation", "/", text -> {
            if (!PATH.matcher(text).matches()) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
    }

    private static NameFilter headers(Section section) {
        List<String> names = section.parsedList(
                "headers",
                "a header name, not one of "
                        + Credentials.HEADERS.stream().sorted().toList(),
                name -> {
                    if (!TOKEN.matcher(name).matches() || Credentials.HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                        throw new IllegalArgumentException(name);
                    }
                    return name;
                });
        Set<String> never = new HashSet<>(Credentials.HEADERS);
        never.addAll(REPLACED_HEADERS);
        return NameFilter.ofHeaders(names, never);
    }

    private static Map<String, Extractor> fields(Section section) {
        Map<String, Extractor> fields = new LinkedHashMap<>();
        section.entries("fields").forEach((name, text) -> {
            try {
                fields.put(name, Extractor.parse(text));
            } catch (IllegalArgumentException e) {
                section.problem("fields", name + " = " + text, expectation(e));
            }
        });
        return Collections.unmodifiableMap(fields);
    }

    /** What the parser says it expected; without its own brackets, which the problem brings along. */
    private static String expectation(IllegalArgumentException refused) {
        String message = String.valueOf(refused.getMessage());
        int at = message.indexOf(EXPECTED);
        return at < 0
                ? "a field such as cookie[account] or form[email] | hash"
                : message.substring(at + EXPECTED.length(), message.length() - 1);
    }

    private static boolean isLoopback(HostPort endpoint) {
        IpAddress address = endpoint.address();
        return address == null ? endpoint.host().equals("localhost") : address.isLoopback();
    }
}
