package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.FramingCase.Closed;
import com.esperr.gateway.testkit.FramingCase.Cut;
import com.esperr.gateway.testkit.FramingCase.Forwarded;
import com.esperr.gateway.testkit.FramingCase.Outcome;
import com.esperr.gateway.testkit.FramingCase.Refused;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CaseFileTest {
    /** Such as {@code (9113 8.2.1)}. */
    private static final Predicate<String> NAMES_ITS_SECTION =
            Pattern.compile("\\((.*[ ,;])?[0-9]{4} [A-Z0-9][A-Za-z0-9.]*.*\\)$").asPredicate();

    @Test
    void everyEscapeIsOneByte() {
        assertThat(CaseFile.unescape("a\\r\\n\\t\\0\\s\\\\\\xe9z")).isEqualTo("a\r\n\t\0 \\\u00e9z");
        assertThat(CaseFile.unescape("<\\{ab*3}>")).isEqualTo("<ababab>");
        assertThat(CaseFile.unescape("\\{X: 1\\r\\n*2}")).isEqualTo("X: 1\r\nX: 1\r\n");
    }

    @Test
    void theRequestTableIsLargeAndNamesAreUnique() {
        List<FramingCase> cases = FramingCase.all();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(290);
        assertThat(cases).extracting(FramingCase::name).doesNotHaveDuplicates().allMatch(NAMES_ITS_SECTION);
    }

    @Test
    void theTableOfHttp2IsLargeAndEachNamesItsSection() {
        List<Http2FramingCase> cases = Http2FramingCase.all();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(190);
        assertThat(cases)
                .extracting(Http2FramingCase::name)
                .doesNotHaveDuplicates()
                .allMatch(NAMES_ITS_SECTION);
    }

    @Test
    void theTableOfHttp3IsLargeAndEachNamesItsSection() {
        List<Http2FramingCase> cases = Http2FramingCase.http3();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(190);
        assertThat(cases)
                .extracting(Http2FramingCase::name)
                .doesNotHaveDuplicates()
                .allMatch(NAMES_ITS_SECTION);
        assertThat(cases)
                .filteredOn(framing -> framing.name().contains("(9114 "))
                .hasSizeGreaterThanOrEqualTo(100);
    }

    @Test
    void everyRequestCaseExpectsSomethingAndEndsWithItsLastClose() {
        for (FramingCase framing : FramingCase.all()) {
            List<Outcome> outcomes = framing.outcomes();
            assertThat(outcomes).as(framing.name()).isNotEmpty();
            assertThat(outcomes.subList(0, outcomes.size() - 1))
                    .as(framing.name())
                    .noneMatch(outcome ->
                            outcome instanceof Refused || outcome instanceof Cut || outcome instanceof Closed);
        }
    }

    @Test
    void aRequestCaseIsReadAsItIsWritten() {
        FramingCase framing = FramingCase.all().stream()
                .filter(each -> each.name().startsWith("a request glued behind a body"))
                .findFirst()
                .orElseThrow();
        assertThat(Wire.text(framing.bytes()))
                .isEqualTo("POST /1 HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 3\r\n\r\nabc"
                        + "GET /2 HTTP/1.1\r\nHost: gw.test\r\n\r\n");
        assertThat(framing.outcomes())
                .containsExactly(
                        new Forwarded("POST", "/1", "abc", List.of(), List.of()),
                        new Forwarded("GET", "/2", "", List.of(), List.of()));
    }

    @Test
    void statusesOfARefusalAreASet() {
        assertThat(FramingCase.all())
                .filteredOn(framing -> framing.name().startsWith("a length beyond 63 bits"))
                .flatExtracting(FramingCase::outcomes)
                .containsExactly(new Refused(Set.of(400, 413)));
    }

    @Test
    void theResponseTableIsLargeAndNamesAreUnique() {
        List<ResponseCase> cases = ResponseCase.all();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(40);
        assertThat(cases).extracting(ResponseCase::name).doesNotHaveDuplicates();
    }
}
