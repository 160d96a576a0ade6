package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.StateKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A steady feed that tells what a test says; confined to the test's thread. */
final class ToldFeed implements MitigationFeed {
    final List<@Nullable Action> passedOn = new ArrayList<>();
    MitigationSink sink;
    MitigationKeys keys;

    @Nullable
    String trouble;

    boolean closed;

    /** What happens whenever somebody asks for the memo. */
    Runnable whenAsked = () -> {};

    @Override
    public String name() {
        return "pushed";
    }

    @Override
    public boolean steady() {
        return true;
    }

    @Override
    public void start(MitigationSink told, MitigationKeys under) {
        sink = told;
        keys = under;
    }

    @Override
    public void learned(StateKey key, @Nullable Mitigation mitigation) {
        passedOn.add(mitigation == null ? null : mitigation.action());
    }

    @Override
    public @Nullable String memo() {
        whenAsked.run();
        return null;
    }

    @Override
    public @Nullable String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        closed = true;
    }
}
