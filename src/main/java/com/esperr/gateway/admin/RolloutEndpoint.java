package com.esperr.gateway.admin;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.rollout.Order;
import com.esperr.gateway.rollout.Rollout;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /rollout}: how the policies fare that are rolled out; POST with {@code order=next}, {@code promote}, {@code abort} or {@code again}
 * does that, and DELETE is abort. Immutable.
 */
public final class RolloutEndpoint implements ChangingEndpoint {
    private final Supplier<@Nullable Rollout> rollout;

    /** Shows and changes what {@code rollout} says, or null while nothing can be rolled out. */
    public RolloutEndpoint(Supplier<@Nullable Rollout> rollout) {
        this.rollout = rollout;
    }

    @Override
    public String path() {
        return "/rollout";
    }

    @Override
    public boolean present() {
        return rollout.get() != null;
    }

    @Override
    public String about() {
        return "policies that take the place of others bit by bit";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        Rollout now = rollout.get();
        return now == null ? gone() : AdminReply.json(200, now.standing().json());
    }

    private static AdminReply gone() {
        return AdminReply.text(404, "rollout: none (expected: mode = local)");
    }

    @Override
    public AdminReply change(AdminChange change) {
        Order order = change.remove()
                ? Order.ABORT
                : Order.of(QueryParameters.parse(change.query()).last("order"));
        if (order == null) {
            return AdminReply.text(422, "order: not one (expected: next, promote, abort, again)");
        }
        Rollout now = rollout.get();
        if (now == null) {
            return gone();
        }
        String refused = now.order(order, change.by());
        if (refused == null) {
            return AdminReply.json(200, now.standing().json());
        }
        return AdminReply.text(refused.equals(Rollout.UNRECORDED) ? 503 : 409, refused);
    }
}
