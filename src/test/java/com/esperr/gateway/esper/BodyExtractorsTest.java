package com.esperr.gateway.esper;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.BodyReader.Interest;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.request.Tier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyExtractorsTest {
    private static final EsperConfig CONFIG = Configs.of("""
            fields {
              email = "body[/user/email]", city = "body[user->city]", second = "body[/list/1]", slash = "body[/a~1b]"
              name = "form[name]", secret = "form[secret] | hash", gone = "form[gone] | drop", shop = "cookie[shop]|as-is"
            }
            """);
    private static final BodyReader READER = BodyExtractors.of(CONFIG);
    private static final String JSON =
            "{\"user\":{\"email\":\"a@shop.test\",\"city\":\"Köln\"},\"list\":[1,27,3],\"a/b\":true,\"x\":{\"user\":1}}";

    private static Requests post(String type) {
        return Requests.hostless("POST", "/")
                .with("Host", "shop.test")
                .with("Content-Type", type)
                .body(100);
    }

    private static BodyFields read(String type, String body, boolean partial) {
        return READER.read(post(type).context(), body.getBytes(StandardCharsets.UTF_8), partial);
    }

    private static String fields(RequestContext request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MitigationQuestionWriter(CONFIG).write(request, out);
        String json = out.toString(StandardCharsets.UTF_8);
        return json.substring(json.indexOf("\"fields\":") + 9, json.length() - 1);
    }

    @Test
    void valuesAreFoundByPointer() {
        BodyFields found = read("application/json; charset=utf-8", JSON, false);
        assertThat(found.partial()).isFalse();
        assertThat(found.values())
                .containsEntry("body[/user/email]", "a@shop.test")
                .containsEntry("body[user->city]", "Köln")
                .containsEntry("body[/list/1]", "27")
                .containsEntry("body[/a~1b]", "true")
                .hasSize(4);
    }

    @Test
    void aBodyCutAnywhereGivesWholeValuesOnly() {
        byte[] whole = JSON.getBytes(StandardCharsets.UTF_8);
        BodyFields all = read("application/json", JSON, false);
        for (int at = 0; at < whole.length; at++) {
            BodyFields found = READER.read(post("application/json").context(), Arrays.copyOf(whole, at), true);
            assertThat(found.partial()).isTrue();
            assertThat(all.values().entrySet()).containsAll(found.values().entrySet());
        }
        String form = "name=abc&secret=def&x=1";
        for (int at = 0; at < form.length(); at++) {
            BodyFields found = read("application/x-www-form-urlencoded", form.substring(0, at), true);
            assertThat(found.values().values()).isSubsetOf("abc", "def");
        }
    }

    @Test
    void aBodyThatIsNotWhatItSaysIsOnlyPartlyKnown() {
        assertThat(read("application/json", "{\"user\":{\"email\":\"a\",}}", false)
                        .partial())
                .isTrue();
        assertThat(read("application/json", "[".repeat(1000), false))
                .isEqualTo(new BodyFields(java.util.Map.of(), true));
        assertThat(read("application/json", "", false).partial()).isFalse();
    }

    @Test
    void theQuestionHoldsWhatWasFoundAsItIsToBeTreated() throws IOException {
        RequestContext request = post("application/x-www-form-urlencoded")
                .with("Cookie", "shop=s1")
                .context();
        request.bodyFields(
                READER.read(request, "name=a+b&secret=hunter2&gone=1".getBytes(StandardCharsets.UTF_8), false));
        assertThat(fields(request))
                .contains("\"name\":\"a b\"", "\"shop\":\"s1\"")
                .matches(".*\"secret\":\"[0-9a-f]{64}\".*")
                .doesNotContain("hunter2", "gone", "partial");
    }

    @Test
    void aCutBodyIsMarked() throws IOException {
        RequestContext request = post("application/json").context();
        request.bodyFields(READER.read(request, "{".getBytes(StandardCharsets.UTF_8), true));
        assertThat(fields(request)).isEqualTo("{\"partial\":\"1\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "a\\udc00b", "\\ud83d", "\\ude00\\ud83d"})
    void aVisitorCannotSpoilTheQuestionWithHalfACharacter(String half) throws IOException {
        RequestContext request = post("application/json").context();
        String body = "{\"user\":{\"email\":\"" + half + "\"}}";
        request.bodyFields(READER.read(request, body.getBytes(StandardCharsets.UTF_8), false));
        assertThat(fields(request)).startsWith("{\"email\":").contains("\ufffd").doesNotContain("partial");
    }

    @Test
    void aWholeCharacterOfTwoHalvesIsLeftAlone() {
        assertThat(Treatment.AS_IS.apply("a\ud83d\ude00b", CONFIG.hash())).isEqualTo("a\ud83d\ude00b");
        assertThat(new Treatment(Treatment.Kind.TRUNCATE, 2).apply("a\ud83d\ude00b", CONFIG.hash()))
                .isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "application/problem+json, true",
        "APPLICATION/JSON;charset=utf-8, true",
        "application/x-www-form-urlencoded, true",
        "multipart/form-data, false",
        "text/plain, false",
    })
    void onlyBodiesThatCanBeReadAreWaitedFor(String type, boolean wanted) {
        Interest interest = wanted ? Interest.READ : Interest.NONE;
        assertThat(READER.interest(post(type).context())).isEqualTo(interest);
        assertThat(READER.interest(post(type).body(BodyLength.CHUNKED).context()))
                .isEqualTo(interest);
        assertThat(READER.interest(post(type).body(BodyLength.NONE).context())).isEqualTo(Interest.NONE);
        assertThat(READER.interest(post(type).tier(Tier.EXEMPT).context())).isEqualTo(Interest.NONE);
        assertThat(READER.interest(
                        post(type).with("Content-Encoding", "identity").context()))
                .isEqualTo(interest);
        assertThat(READER.interest(post(type).with("Content-Encoding", "gzip").context()))
                .isEqualTo(wanted ? Interest.UNREADABLE : Interest.NONE);
    }

    @Test
    void withoutFieldsFromTheBodyNobodyWaits() {
        assertThat(BodyExtractors.of(Configs.of("fields { a = \"cookie[a]\", b = \"form[b] | drop\" }")))
                .isSameAs(BodyReader.NONE);
    }

    @ParameterizedTest
    @CsvSource({"body[], form[name]", "form[a, form[name]", "form[a] | hide, as-is", "nody[a], request_method"})
    void mistakesAreNamed(String text, String problem) {
        assertThat(Configs.load("api-key = k, fields { a = \"" + text + "\" }").problems())
                .anyMatch(found -> found.toString().contains(problem));
    }
}
