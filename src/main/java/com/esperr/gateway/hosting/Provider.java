package com.esperr.gateway.hosting;

import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.page.Check;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One kind of challenge, as configured. Thread-safe; called on event loops and never blocks one. */
sealed interface Provider {
    /** Which. */
    Method method();

    /** Whether it can be asked for now. */
    boolean available();

    /**
     * Looks at an answer.
     *
     * @param sink told once what is wrong with it, or null if it is right; on the calling event loop, possibly before this returns
     * @return how to withdraw the question, or null if it has been answered already
     */
    DecisionSource.@Nullable Cancellation check(Answer answer, Consumer<@Nullable RejectReason> sink);

    /** What is wrong with how it is set up, told to {@code sink} in a sentence, or null; for {@code challenge test}. */
    void test(Consumer<@Nullable String> sink);

    /** One that needs JavaScript. */
    non-sealed interface Scripted extends Provider {
        /** What the page of {@code ticket} asks for. */
        Check.Main main(Ticket ticket);
    }

    /** One that needs none. */
    non-sealed interface ByHand extends Provider {
        /**
         * What the page asks for.
         *
         * @param url where a browser that goes on by itself goes
         */
        Check.Hand hand(String url);
    }
}
