package com.esperr.gateway.hosting;

import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.page.Check;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A page that goes on by itself: whoever follows it in time and keeps a cookie is let in, mostly without noticing. Immutable. */
final class RefreshProvider implements Provider.ByHand {
    private final Duration wait;

    RefreshProvider(Duration wait) {
        this.wait = wait;
    }

    @Override
    public Method method() {
        return Method.REFRESH;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Check.Hand hand(String url) {
        // Full seconds, rounded up, because a page can say no others.
        return new Check.Refresh(Math.max(1, (wait.toMillis() + 999) / 1000), url);
    }

    @Override
    public DecisionSource.@Nullable Cancellation check(Answer answer, Consumer<@Nullable RejectReason> sink) {
        sink.accept(answer.ageMillis() < wait.toMillis() ? RejectReason.EARLY : null);
        return null;
    }

    @Override
    public void test(Consumer<@Nullable String> sink) {
        sink.accept(null);
    }
}
