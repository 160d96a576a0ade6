package com.esperr.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.http.Fields;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
    private static final String EVIL = "\"'><script>alert(1)</script>{{nonce}}";
    private static final Check WORK = new Check(
            "/ours", "00".repeat(16) + ".x", "/shop?a=1&b=2", new Check.Work(15, 10, 1200), Check.Press.BUTTON);

    private final Pages pages = pages(Map.of());

    private static Pages pages(Map<String, String> config) {
        return new Pages(config(config));
    }

    private static PageConfig config(Map<String, String> keys) {
        return Configurations.read(
                        ConfigSource.load(null, Map.of(), keys), root -> PageConfig.read(root.section("pages")))
                .value();
    }

    private static String html(Page page) {
        return new String(page.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aChallengePageFetchesNothingAndIsSmall() {
        Page page = pages.challenge(WORK, new Reader("shop.test", "R3F", null), null);

        assertThat(page.body().length).isLessThan(20_000);
        assertThat(html(page).replace("https://", "").replace("http://", ""))
                .isEqualTo(html(page))
                .doesNotContain("noindex");
        assertThat(html(page)).contains("shop.test", "R3F", "/shop?a=1&amp;b=2", "aria-live=\"polite\"");
        assertThat(page.policy()).contains("default-src 'none'", "frame-ancestors 'self'", "worker-src blob:");
    }

    @Test
    void stylesAndScriptsRunUnderANumberThatNoOtherPageHas() {
        Reader reader = new Reader("shop.test", "R", null);
        Page one = pages.challenge(WORK, reader, null);
        Page other = pages.challenge(WORK, reader, null);

        Matcher nonce = Pattern.compile("script-src 'nonce-([^']+)'").matcher(one.policy());
        assertThat(nonce.find()).isTrue();
        assertThat(html(one))
                .contains("<script nonce=\"" + nonce.group(1))
                .contains("<style nonce=\"" + nonce.group(1));
        assertThat(other.policy()).isNotEqualTo(one.policy());
    }

    @ParameterizedTest
    @EnumSource(Notice.class)
    void whatAVisitorSendsCannotBecomePartOfAPage(Notice notice) {
        String page = html(pages.notice(notice, 403, new Reader(EVIL, EVIL, EVIL), null));

        assertThat(page).doesNotContain("<script").doesNotContain("\"'>");
    }

    @Test
    void aNoticeIsMadeAnewForEachOfItsReaders() {
        String one = html(pages.notice(Notice.FAILED, 502, new Reader("a.test", "R1", "de"), "/again?a=1&b=2"));
        String other = html(pages.notice(Notice.FAILED, 502, new Reader("b.test", "R2", "de"), "/again?c=3"));

        assertThat(one).contains("a.test", "R1", "href=\"/again?a=1&amp;b=2\"").doesNotContain("b.test", "R2", "{{");
        assertThat(other).contains("b.test", "R2", "href=\"/again?c=3\"").doesNotContain("a.test", "R1", "{{");
        assertThat(other.replace("b.test", "a.test").replace("R2", "R1").replace("c=3", "a=1&amp;b=2"))
                .hasSameSizeAs(one);
    }

    @ParameterizedTest
    @EnumSource(Notice.class)
    void whoTakesGzipGetsTheSamePageSmaller(Notice notice) throws IOException {
        for (String link : new String[] {null, "/again?a=1&b=\u00e9"}) {
            Page plain = pages.notice(notice, 403, new Reader("sh\u00f6p.test", "R3F", "ja", "br;q=1, gzip;q=0"), link);
            Page small =
                    pages.notice(notice, 403, new Reader("sh\u00f6p.test", "R3F", "ja", "gzip, deflate, br"), link);

            Fields lines = small.lines("R3F");
            assertThat(lines.get("content-encoding")).isEqualTo("gzip");
            assertThat(lines.get("content-length")).isEqualTo(String.valueOf(small.body().length));
            assertThat(lines.get("esper-mitigated")).isEqualTo(notice.mitigated());
            assertThat(plain.lines("R3F").contains("content-encoding")).isFalse();
            assertThat(plain.lines("R3F").get("vary"))
                    .isEqualTo(lines.get("vary"))
                    .endsWith(", Accept-Encoding");
            assertThat(small.body().length).isLessThan(plain.body().length * 3 / 4);
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(small.body()))) {
                assertThat(in.readAllBytes()).isEqualTo(plain.body());
            }
        }
    }

    @Test
    void whoDoesNotSayThatHeTakesGzipDoesNotGetIt() {
        for (String codings : new String[] {null, "", "identity", "br", "gzip;q=0", "gzip;q=0.5, identity"}) {
            Page page = pages.notice(Notice.BLOCKED, 403, new Reader("shop.test", "R", null, codings), null);
            assertThat(html(page)).startsWith("<!doctype html>");
        }
    }

    @Test
    void whatIsTooLongForAStoredBlockStandsInAPlainPage() {
        String link = "/" + "x".repeat(0x10000);
        Page page = pages.notice(Notice.BLOCKED, 403, new Reader("shop.test", "R", null, "gzip"), link);

        assertThat(html(page)).contains(link);
        assertThat(page.lines("R").contains("content-encoding")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/again"})
    void aNoticeHasOneStyleAndNoneButThatOneIsAllowed(String link) throws GeneralSecurityException {
        Page page = pages.notice(Notice.BLOCKED, 403, new Reader("shop.test", "R", null), link.isEmpty() ? null : link);

        String html = html(page);
        String style = html.substring(html.indexOf("<style>") + "<style>".length(), html.indexOf("</style>"));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        assertThat(page.policy())
                .startsWith("default-src 'none'; style-src 'sha256-"
                        + Base64.getEncoder().encodeToString(hash) + "';");
        assertThat(html.replace("<style>", "")).hasSize(html.length() - "<style>".length());
        assertThat(style.contains(".button{")).isEqualTo(!link.isEmpty());
        assertThat(page.body().length).isLessThan(3500);
    }

    @Test
    void aShortStyleSaysTheSame() {
        Styled styled =
                Styled.of("<p><style>\n@media (a: b) {\n  p, a { margin: 0 1px; font: \"A B\", x; }\n}\n</style></p>");

        assertThat(styled.page()).isEqualTo("<p><style>@media (a:b){p,a{margin:0 1px;font:\"A B\",x}}</style></p>");
    }

    @Test
    void aSiteThatChangesItsLookShowsItOnNoticesToo() {
        Pages changing = pages(Map.of("pages.name", "Before"));
        Reader reader = new Reader("shop.test", "R", null);
        assertThat(html(changing.notice(Notice.BLOCKED, 403, reader, null))).contains("Before");

        changing.restyle(config(Map.of("pages.name", "After & more")));

        assertThat(html(changing.notice(Notice.BLOCKED, 403, reader, null)))
                .contains("After &amp; more")
                .doesNotContain("Before", "shop.test");
    }

    @Test
    void aNameCannotStandForWhatDiffersFromReaderToReader() {
        String marks = Outline.Place.LINK.mark() + Outline.Place.REFERENCE.mark();
        Page page = pages(Map.of("pages.name", "Shop" + marks))
                .notice(Notice.BLOCKED, 403, new Reader("shop.test", "R3F", null), null);

        assertThat(html(page)).contains("&ndash; Shop</title>").doesNotContain(marks);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void everyLanguageHasItsOwnNotice(Language language) {
        for (int round = 0; round < 2; round++) {
            for (Notice notice : Notice.values()) {
                Page page = pages.notice(notice, 403, new Reader("shop.test", "R", language.tag()), null);
                assertThat(html(page)).contains("lang=\"" + language.tag() + '"');
                assertThat(page.language()).isEqualTo(language.tag());
            }
        }
    }

    @Test
    void norPartOfAChallengePage() {
        Check check = new Check(EVIL, EVIL, EVIL, WORK.main(), new Check.Refresh(2, EVIL));

        String page = html(pages.challenge(check, new Reader(EVIL, EVIL, null), null));

        assertThat(page).doesNotContain("<script>").doesNotContain("\"'>");
    }

    @Test
    void thePageOfAReaderOfArabicGoesFromRightToLeft() {
        Page page = pages.notice(Notice.BLOCKED, 403, new Reader("shop.test", "R", "ar-EG"), null);

        assertThat(html(page)).contains("<html lang=\"ar\" dir=\"rtl\">");
        assertThat(page.language()).isEqualTo("ar");
    }

    @Test
    void aSiteHasItsNameItsColoursItsLogoAndItsContact() {
        String page = html(pages(Map.of(
                        "pages.name", "Harbour & Books",
                        "pages.accent", "#ffcc00",
                        "pages.logo", "data:image/png;base64,iVBORw0KGgo=",
                        "pages.contact", "mailto:hello@books.example"))
                .challenge(WORK, new Reader("shop.test", "R", null), null));

        assertThat(page)
                .contains(
                        "Harbour &amp; Books makes sure",
                        "--accent: #ffcc00; --on-accent: #0b0f16",
                        "src=\"data:image/png;base64,iVBORw0KGgo=\"",
                        "href=\"mailto:hello@books.example\"")
                .doesNotContain("shop.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#000000", "#2f5bd7", "#8fb0ff", "#ffffff", "#777777", "#d0021b", "#ffcc00", "#00aa55"})
    void textOnAnAccentCanBeRead(String colour) {
        Accent accent = Accent.parse(colour);
        assertThat(contrast(colour, accent.text())).isGreaterThan(4.2);
    }

    private static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String hex) {
        double sum = 0;
        double[] weights = {0.2126, 0.7152, 0.0722};
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(hex.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
