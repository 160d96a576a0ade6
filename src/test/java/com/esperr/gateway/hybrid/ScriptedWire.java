package com.esperr.gateway.hybrid;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.transport.CallHandle;
import com.esperr.gateway.transport.StreamReceiver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other side of a pushed feed, in a test's hands; confined to the test's thread. */
final class ScriptedWire implements FeedWire {
    final List<@Nullable String> cursors = new ArrayList<>();
    StreamReceiver receiver;
    int cancelled;

    @Nullable
    String refusal;

    @Override
    public CallHandle open(@Nullable String cursor, StreamReceiver asking) {
        cursors.add(cursor);
        receiver = asking;
        if (refusal != null) {
            asking.ended(refusal);
        }
        return () -> cancelled++;
    }

    int opened() {
        return cursors.size();
    }

    void status(int status) {
        receiver.answered(status, Fields.EMPTY);
    }

    /** Answers 200 with these lines. */
    void tells(String... lines) {
        status(200);
        more(lines);
    }

    void more(String... lines) {
        receiver.received(String.join("", lines).getBytes(StandardCharsets.UTF_8));
    }

    void breaksOff() {
        receiver.ended("cut");
    }
}
