package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.Fields;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context: what is followed, what is ignored, and what is begun. */
class TraceParentTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String GOOD = "00-" + TRACE + "-" + SPAN + "-01";

    private static Fields fields(String... namesAndValues) {
        Fields.Builder builder = Fields.builder(4);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    @Test
    void aWellFormedOneSaysWhoseTraceItIsAndWhetherItIsRecorded() {
        assertThat(TraceParent.parse(GOOD)).isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-00"))
                .isEqualTo(new TraceParent(TRACE, SPAN, false));
        assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-fe"))
                .isEqualTo(new TraceParent(TRACE, SPAN, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be-like"
            })
    void ofALaterVersionWhatIsKnownIsRead(String value) {
        assertThat(TraceParent.parse(value)).isEqualTo(new TraceParent(TRACE, SPAN, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
                "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01"
            })
    void whatIsMalformedCountsAsNone(String value) {
        assertThat(TraceParent.parse(value)).isNull();
    }

    @Test
    void twoOfThemCountAsNone() {
        assertThat(TraceParent.of(fields("traceparent", GOOD))).isNotNull();
        assertThat(TraceParent.of(fields("traceparent", GOOD, "traceparent", GOOD)))
                .isNull();
        assertThat(TraceParent.of(fields("host", "shop.test"))).isNull();
    }

    @Test
    void aTraceThatIsFollowedKeepsItsNameItsStateAndWhetherItIsRecorded() {
        Traces traces = new Traces(true, 0);
        Trace trace = traces.begin(fields("TraceParent", GOOD, "tracestate", "a=1", "tracestate", "b=2"));
        assertThat(trace.traceId()).isEqualTo(TRACE);
        assertThat(trace.parentId()).isEqualTo(SPAN);
        assertThat(trace.sampled()).isTrue();
        assertThat(trace.state()).isEqualTo("a=1,b=2");
        assertThat(trace.forOrigin()).isEqualTo("00-" + TRACE + "-" + trace.originId() + "-01");
        assertThat(trace.originId())
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(trace.serverId())
                .isNotEqualTo(SPAN);
        assertThat(traces.begin(fields("traceparent", GOOD, "tracestate", "a=" + "1".repeat(600)))
                        .state())
                .isNull();
    }

    @Test
    void ofATraceThatIsNotFollowedNothingIsKept() {
        for (Trace trace : new Trace[] {
            new Traces(false, 1).begin(fields("traceparent", GOOD, "tracestate", "a=1")),
            new Traces(true, 1).begin(fields("traceparent", "00-bad", "tracestate", "a=1"))
        }) {
            assertThat(trace.traceId()).matches("[0-9a-f]{32}").isNotEqualTo(TRACE);
            assertThat(trace.parentId()).isNull();
            assertThat(trace.state()).isNull();
            assertThat(trace.sampled()).isTrue();
        }
    }

    @Test
    void theShareOfWhatBeginsHereIsRecorded() {
        AtomicLong state = new AtomicLong(42);
        // SplitMix64, so that the same numbers come every time.
        Traces quarter = new Traces(true, 0.25, () -> mixed(state.addAndGet(0x9e3779b97f4a7c15L)));
        Traces none = new Traces(true, 0);
        int recorded = 0;
        for (int i = 0; i < 10_000; i++) {
            recorded += quarter.begin(Fields.EMPTY).sampled() ? 1 : 0;
            assertThat(none.begin(Fields.EMPTY).sampled()).isFalse();
        }
        assertThat(recorded).isBetween(2300, 2700);
    }

    private static long mixed(long seed) {
        long z = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
