package com.esperr.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TextsTest {
    private static final Map<String, String> ENGLISH = Texts.load().of(Language.EN);

    @ParameterizedTest
    @EnumSource(Language.class)
    void everyLanguageSaysEverything(Language language) {
        Map<String, String> texts = Texts.load().of(language);
        assertThat(texts.keySet()).isEqualTo(ENGLISH.keySet());
        assertThat(texts.values()).noneMatch(String::isBlank);
        ENGLISH.forEach((key, text) -> assertThat(texts.get(key).contains("{site}"))
                .as(language + " " + key)
                .isEqualTo(text.contains("{site}")));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void noLanguageIsEnglishInDisguise(Language language) {
        if (language != Language.EN) {
            assertThat(Texts.load().of(language).get("intro")).isNotEqualTo(ENGLISH.get("intro"));
            assertThat(Texts.load().of(language).get("cookies.text")).isNotEqualTo(ENGLISH.get("cookies.text"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de-CH,de;q=0.9,en;q=0.8 | DE",
                "tlh, sv;q=0.5, ja;q=0.7 | JA",
                "en;q=0, fr | FR",
                "* | EN",
                "tlh | EN",
                "zh-Hant-TW | ZH",
                "AR | AR",
                "fr;q=NaN, de;q=0.1 | DE",
                "fr;q=1e9, de;q=0.1 | DE",
                "',,,;;q=,fr' | FR",
                "pt-BR ; q=0.3 , it | IT",
            })
    void aBrowserGetsTheLanguageItLikesBest(String accepted, Language expected) {
        assertThat(Language.of(accepted, Language.EN)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"challenge.html", "notice.html"})
    void everyTextOfAPageIsThere(String page) {
        Set<String> wanted = new TreeSet<>();
        for (String value : Template.load(page).values()) {
            if (value.startsWith("text-")) {
                wanted.add(value.substring("text-".length()));
            }
        }
        assertThat(ENGLISH.keySet()).containsAll(wanted);
    }
}
