package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Sessions sessions = new Sessions(Duration.ofMinutes(10), nanos::get);

    @Test
    void aSessionLastsAsLongAsItMayAndNoLonger() {
        String id = sessions.open();
        assertThat(sessions.holds(id)).isTrue();
        nanos.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(sessions.holds(id)).isTrue();
        nanos.addAndGet(1);
        assertThat(sessions.holds(id)).isFalse();
    }

    @Test
    void idsAreLongAndNeverTheSameAndNothingElseIsOne() {
        String first = sessions.open();
        String second = sessions.open();
        assertThat(first).hasSize(43).isNotEqualTo(second);
        assertThat(sessions.holds(first.substring(1))).isFalse();
        assertThat(sessions.holds("")).isFalse();
        assertThat(sessions.holds(null)).isFalse();
    }

    @Test
    void whoHasSignedOutIsOut() {
        String gone = sessions.open();
        String stays = sessions.open();
        sessions.close(gone);
        sessions.close(null);
        assertThat(sessions.holds(gone)).isFalse();
        assertThat(sessions.holds(stays)).isTrue();
    }

    @Test
    void beyondTheirNumberTheOldestEnds() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i <= Sessions.MOST; i++) {
            ids.add(sessions.open());
        }
        assertThat(sessions.holds(ids.get(0))).isFalse();
        assertThat(ids.subList(1, ids.size())).allMatch(sessions::holds);
    }
}
