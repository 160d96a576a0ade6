package com.esperr.gateway.page;

import com.esperr.gateway.http.AcceptedCodings;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pages that people see. Thread-safe. A page fetches nothing, and only its own style and script run: those of a challenge have a
 * number that no other page has, and the style of a notice, which has no script, is told by its hash, so that a flood draws no numbers.
 */
public final class Pages {
    private static final int NONCE_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Template notice = Template.load("notice.html");
    private final Template challenge = Template.load("challenge.html");
    private final Texts texts = Texts.load();
    private final Remembered<Boolean> gzip = new Remembered<>(Pages::takesGzip);
    private volatile Look look;

    /** Pages that look like {@code config} says. */
    public Pages(PageConfig config) {
        this.look = look(config);
    }

    /** From now on they look like {@code next} says. */
    public void restyle(PageConfig next) {
        look = look(next);
    }

    /** What pages look like, and what was made for that. */
    private record Look(PageConfig config, Outlines outlines, Remembered<Language> languages) {
        Language language(@Nullable String accepted) {
            return accepted == null ? config.language() : languages.of(accepted);
        }
    }

    private Look look(PageConfig config) {
        return new Look(
                config,
                new Outlines(key -> outline(key, config)),
                new Remembered<>(accepted -> Language.of(accepted, config.language())));
    }

    private static boolean takesGzip(String codings) {
        return AcceptedCodings.parse(List.of(codings)).best(List.of("gzip")) != null;
    }

    /** The language in which {@code accepted}, a value of Accept-Language, is answered. */
    public Language language(@Nullable String accepted) {
        return look.language(accepted);
    }

    /** The operator's own page for a failure with {@code status}, or null. */
    public @Nullable PageFile file(int status) {
        return look.config().files().of(status);
    }

    /**
     * A page that says something.
     *
     * @param status the status that it is sent with
     * @param link where its reader can go on, or null
     */
    public Page notice(Notice what, int status, Reader reader, @Nullable String link) {
        Look now = look;
        Outlines.Key key = new Outlines.Key(what, status, now.language(reader.languages()), link != null);
        boolean packed = reader.codings() != null && gzip.of(reader.codings());
        return now.outlines().of(key).page(reader, link == null ? "" : link, packed);
    }

    private Outline outline(Outlines.Key key, PageConfig look) {
        String site = look.name() == null ? Outline.Place.SITE.mark() : Outline.Place.unmarked(look.name());
        Values values = values(look, key.language(), site, Outline.Place.REFERENCE.mark());
        values.put("title", values.text(key.what().key() + ".title"));
        values.put("text", values.text(key.what().key() + ".text"));
        values.put("status", Integer.toString(key.status()));
        values.put("link", Outline.Place.LINK.mark());
        values.put("link-text", values.text("again"));
        Set<String> parts = parts(look);
        parts.add(key.what().mark());
        if (key.linked()) {
            parts.add("link");
        }
        Styled styled = Styled.of(notice.fill(values, parts));
        String policy = "default-src 'none'; style-src " + styled.source()
                + "; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
        return new Outline(
                styled.page(), PageHead.of(policy, key.language(), key.what().mitigated()));
    }

    /**
     * A page that asks for something.
     *
     * @param leadsTo the origin of another site that its form leads to in the end, which browsers hold against {@code form-action}, too;
     *     null for none
     */
    public Page challenge(Check check, Reader reader, @Nullable String leadsTo) {
        Look now = this.look;
        PageConfig look = now.config();
        Language language = now.language(reader.languages());
        Values values = values(look, language, look.name() == null ? reader.site() : look.name(), reader.reference());
        Set<String> parts = parts(look);
        values.put("title", values.text("title"));
        values.put("intro", values.text("intro"));
        values.put("action", check.action());
        values.put("ticket", check.ticket());
        values.put("to", check.to());
        values.put("method", check.method());
        values.put("status", status(check, values));
        more(check, values);
        parts.addAll(partsOf(check));
        String nonce = nonce();
        values.put("nonce", nonce);
        String sources = check.main() instanceof Check.Widget widget ? widget.sources() : "";
        return new Page(
                challenge.fill(values, parts).getBytes(StandardCharsets.UTF_8),
                PageHead.of(policy(nonce, sources, leadsTo), language, "challenge"));
    }

    private static Set<String> partsOf(Check check) {
        Set<String> parts = new HashSet<>();
        boolean script = !(check.main() instanceof Check.Nothing);
        if (script) {
            parts.add("script");
        }
        parts.add(check.main() instanceof Check.Widget ? "widget" : "mark");
        parts.add(script || check.refresh() != null ? "busy" : "person");
        if (check.hand() instanceof Check.Refresh) {
            parts.add(script ? "hand-refresh" : "refresh");
        } else {
            parts.add(check.hand() == Check.Press.BUTTON ? "hand-button" : "hand-none");
        }
        return parts;
    }

    /** What the page says before any script does, and without one. */
    private static String status(Check check, Values values) {
        boolean script = !(check.main() instanceof Check.Nothing);
        if (script) {
            return "";
        }
        return values.text(check.refresh() != null ? "wait" : "press");
    }

    private static void more(Check check, Values values) {
        Check.Work work = check.main() instanceof Check.Work asked ? asked : new Check.Work(0, 0, 0);
        values.put("bits", Integer.toString(work.bits()));
        values.put("least", Integer.toString(work.least()));
        values.put("budget", Long.toString(work.budgetMillis()));
        Check.Widget widget = check.main() instanceof Check.Widget shown ? shown : new Check.Widget("", "", "", "", "");
        values.put("widget-class", widget.cssClass());
        values.put("site-key", widget.siteKey());
        values.put("source", widget.script());
        Check.Refresh refresh = check.refresh();
        values.put("refresh-after", refresh == null ? "" : Long.toString(refresh.seconds()));
        values.put("refresh-url", refresh == null ? "" : refresh.url());
    }

    private static String policy(String nonce, String sources, @Nullable String leadsTo) {
        String script = "'nonce-" + nonce + "'";
        return "default-src 'none'; style-src " + script + "; img-src data:; base-uri 'none'; frame-ancestors 'self'"
                + "; worker-src blob:; form-action 'self'" + (leadsTo == null ? "" : " " + leadsTo)
                + (sources.isEmpty()
                        ? "; script-src " + script + "; connect-src 'self'"
                        : "; script-src " + script + " 'strict-dynamic'; " + sources);
    }

    /** What every page has. */
    private Values values(PageConfig look, Language language, String site, String reference) {
        Values values = new Values(texts.of(language), site);
        values.put("lang", language.tag());
        values.put("dir", language.direction());
        values.put("reference", reference);
        values.put("accent", look.accent().hex());
        values.put("on-accent", look.accent().text());
        values.put("accent-dark", look.accentDark().hex());
        values.put("on-accent-dark", look.accentDark().text());
        values.put("logo", look.logo() == null ? "" : look.logo());
        values.put("contact", look.contact() == null ? "" : look.contact());
        return values;
    }

    private static Set<String> parts(PageConfig look) {
        Set<String> parts = new HashSet<>();
        if (look.logo() != null) {
            parts.add("logo");
        }
        if (look.contact() != null) {
            parts.add("contact");
        }
        return parts;
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
