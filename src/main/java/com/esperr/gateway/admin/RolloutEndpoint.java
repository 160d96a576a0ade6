package com.esperr.gateway.admin;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.rollout.Order;
import com.esperr.gateway.rollout.Rollout;

/**
 * {@code /rollout}: how the policies fare that are rolled out; POST with {@code order=next}, {@code promote}, {@code abort} or {@code again}
 * does that, and DELETE is abort. Immutable.
 */
public final class RolloutEndpoint implements ChangingEndpoint {
    private final Rollout rollout;

    /** Shows and changes {@code rollout}. */
    public RolloutEndpoint(Rollout rollout) {
        this.rollout = rollout;
    }

    @Override
    public String path() {
        return "/rollout";
    }

    @Override
    public String about() {
        return "policies that take the place of others bit by bit";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return AdminReply.json(200, rollout.standing().json());
    }

    @Override
    public AdminReply change(AdminChange change) {
        Order order = change.remove()
                ? Order.ABORT
                : Order.of(QueryParameters.parse(change.query()).last("order"));
        if (order == null) {
            return AdminReply.text(422, "order: not one (expected: next, promote, abort, again)");
        }
        String refused = rollout.order(order, change.by());
        if (refused == null) {
            return AdminReply.json(200, rollout.standing().json());
        }
        return AdminReply.text(refused.equals(Rollout.UNRECORDED) ? 503 : 409, refused);
    }
}
