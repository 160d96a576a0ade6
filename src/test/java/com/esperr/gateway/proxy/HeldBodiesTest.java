package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A body that was kept is decided on like one that comes. */
class HeldBodiesTest {
    private static final int LIMIT = 4;

    @ParameterizedTest
    @CsvSource({"abc, abc, false", "abcd, abcd, false", "abcde, abcd, true"})
    void ofABodyThatIsHereAsMuchIsLookedAtAsOfOneThatComes(String body, String seen, boolean partial) {
        RequestContext request = look(BodyReader.Interest.READ, body);
        assertThat(request.bodyFields().values()).containsExactly(Map.entry("seen", seen + ' ' + partial));
    }

    @Test
    void aBodyThatNobodyCanReadIsToldOf() {
        assertThat(look(BodyReader.Interest.UNREADABLE, "abc").bodyFields()).isSameAs(BodyFields.UNREAD);
    }

    @Test
    void aBodyThatDecidesNothingIsNotLookedAt() {
        assertThat(look(BodyReader.Interest.NONE, "abc").bodyFields()).isSameAs(BodyFields.NONE);
    }

    private static RequestContext look(BodyReader.Interest interest, String body) {
        RequestContext request = Requests.get("/").context();
        new HeldBodies(new Echo(interest)).look(request, body.getBytes(StandardCharsets.US_ASCII));
        return request;
    }

    private record Echo(BodyReader.Interest wanted) implements BodyReader {
        @Override
        public Interest interest(RequestContext request) {
            return wanted;
        }

        @Override
        public int limit() {
            return LIMIT;
        }

        @Override
        public long total() {
            return LIMIT;
        }

        @Override
        public Duration timeout() {
            return Duration.ZERO;
        }

        @Override
        public BodyFields read(RequestContext request, byte[] beginning, boolean partial) {
            String seen = new String(beginning, StandardCharsets.US_ASCII) + ' ' + partial;
            return new BodyFields(Map.of("seen", seen), false);
        }
    }
}
