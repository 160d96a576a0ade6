package com.esperr.gateway.hosting;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.OriginUrl;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code challenge.hosted}: challenges that are held here. Immutable.
 *
 * @param enabled whether a challenge without a place of its own is held here
 * @param path what the paths begin with that are ours
 * @param status of a challenge page
 * @param providers the kinds of challenges, the first that can be had first
 * @param time how long a visitor has
 * @param lifetime how long a pass counts
 * @param lifetimeByHand how long one counts that was earned without JavaScript
 * @param patience how long a page waits that goes on by itself
 * @param work how much work is asked for
 * @param vendors the widgets among the providers
 * @param timeout how long an answer of theirs is waited for
 * @param pause how long they are not asked who did not answer
 */
public record HostingConfig(
        boolean enabled,
        String path,
        int status,
        List<Method> providers,
        Duration time,
        Duration lifetime,
        Duration lifetimeByHand,
        Duration patience,
        Work work,
        List<Vendor> vendors,
        Duration timeout,
        Duration pause) {
    private static final Pattern PATH = Pattern.compile("/(?:[A-Za-z0-9._~-]+/)+");
    private static final Duration SECOND = Duration.ofSeconds(1);

    /**
     * How much work.
     *
     * @param bits how many zero bits
     * @param mostBits how many at the most
     * @param perSecond up to how many challenges a second {@code bits} do
     * @param budget how long a browser works at the most
     */
    public record Work(int bits, int mostBits, long perSecond, Duration budget) {}

    /** Reads the section. */
    public static HostingConfig read(Section section) {
        List<Method> providers = List.copyOf(new LinkedHashSet<>(section.parsedList(
                "providers",
                "refresh, proof-of-work, turnstile, hcaptcha, recaptcha or button",
                text -> Method.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')))));
        if (providers.isEmpty()) {
            section.problem("providers", "[]", "at least one");
        }
        Section work = section.section("proof-of-work");
        return new HostingConfig(
                section.flag("enabled"),
                section.parsed(
                        "path", "a path such as /.well-known/esper/", "/.well-known/esper/", HostingConfig::path),
                section.integer("status", 400, 599),
                providers,
                section.duration("time", Duration.ofSeconds(10), Duration.ofHours(1)),
                section.duration("lifetime", SECOND, Duration.ofDays(30)),
                section.duration("lifetime-by-hand", SECOND, Duration.ofDays(30)),
                section.duration("wait", SECOND, Duration.ofMinutes(1)),
                new Work(
                        work.integer("bits", 1, 28),
                        work.integer("most-bits", 1, 28),
                        work.number("per-second", 1, 1_000_000),
                        work.duration("budget", Duration.ofMillis(100), Duration.ofSeconds(20))),
                vendors(section, providers),
                section.duration("verify-timeout", Duration.ofMillis(10), Duration.ofMinutes(1)),
                section.duration("pause", SECOND, Duration.ofHours(1)));
    }

    private static String path(String text) {
        if (!PATH.matcher(text).matches() || text.contains("/./") || text.contains("/../")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static List<Vendor> vendors(Section section, List<Method> providers) {
        List<Vendor> vendors = new ArrayList<>();
        for (Method method : List.of(Method.TURNSTILE, Method.HCAPTCHA, Method.RECAPTCHA)) {
            Vendor vendor = vendor(section.section(method.label()), method, providers.contains(method));
            if (vendor != null) {
                vendors.add(vendor);
            }
        }
        return List.copyOf(vendors);
    }

    /** Every key is read, so that one of a provider that is not in the list is not unknown. */
    private static @Nullable Vendor vendor(Section section, Method method, boolean wanted) {
        String siteKey = section.stringOrNull("site-key");
        String secret = section.stringOrNull("secret");
        URI verify = section.parsedOrNull("verify-url", "an http(s) URL", HostingConfig::url);
        URI script = section.parsedOrNull("script-url", "an http(s) URL", HostingConfig::url);
        if (!wanted) {
            return null;
        }
        String why = ", because challenge.hosted.providers has " + method.label();
        if (siteKey == null) {
            section.problem("site-key", "missing", "the site key" + why);
        }
        if (secret == null) {
            section.problem("secret", "missing", "the secret" + why);
        }
        return siteKey == null || secret == null || verify == null || script == null
                ? null
                : new Vendor(method, siteKey, secret, verify, script.toString());
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        OriginUrl.parse(url.getScheme() + "://" + url.getRawAuthority());
        return url;
    }

    @Override
    public String toString() {
        return "HostingConfig[" + providers + "]";
    }
}
