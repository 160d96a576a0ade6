package com.esperr.gateway.hosting;

import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.page.Check;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A button to press, for those without JavaScript: says little more than that somebody reads pages and keeps cookies. Immutable. */
final class ButtonProvider implements Provider.ByHand {
    @Override
    public Method method() {
        return Method.BUTTON;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Check.Hand hand(String url) {
        return Check.Press.BUTTON;
    }

    @Override
    public DecisionSource.@Nullable Cancellation check(Answer answer, Consumer<@Nullable RejectReason> sink) {
        sink.accept(null);
        return null;
    }

    @Override
    public void test(Consumer<@Nullable String> sink) {
        sink.accept(null);
    }
}
