package com.esperr.gateway.policy;

import com.esperr.gateway.policy.PolicyAccount.Asked;
import com.esperr.gateway.policy.PolicyAccount.AskedClause;
import com.esperr.gateway.policy.PolicyAccount.Test;
import com.esperr.gateway.policy.PolicyAccount.Value;
import com.esperr.gateway.policy.PolicyAccount.Window;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.WindowCount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes the way of an evaluation once more and tells of it. Confined to the event loop of the request. It has no effects:
 * conditions have none, and of windows it tells what they said the first time.
 */
final class Accountant {
    private static final int MOST_CLAUSES = 32;
    private static final int MOST_TESTS = 24;

    private final InForce force;
    private final Inputs inputs;
    private final Candidates candidates;
    private final List<Asked> asked = new ArrayList<>();
    private int clauses;
    private int left;

    private Accountant(InForce force, Inputs inputs) {
        this.force = force;
        this.inputs = inputs;
        this.candidates = force.set().index().candidates(inputs);
    }

    /** What {@code force} says about the request of {@code inputs}, up to the policy {@code until}. */
    static PolicyAccount account(InForce force, Inputs inputs, @Nullable String until) {
        Accountant accountant = new Accountant(force, inputs);
        accountant.run(until);
        return new PolicyAccount(force.set().hash(), List.copyOf(accountant.asked), accountant.left);
    }

    private void run(@Nullable String until) {
        Policy[] policies = force.set().policies();
        PolicyIndex index = force.set().index();
        for (int at = index.policy(candidates, 0); at < policies.length; at = index.policy(candidates, at + 1)) {
            Policy policy = policies[at];
            boolean last = policy.id().equals(until);
            // The one that decided is told of in any case.
            if (clauses < MOST_CLAUSES || last) {
                asked.add(policy(policy, at));
            } else {
                left++;
            }
            if (last) {
                return;
            }
        }
    }

    private Asked policy(Policy policy, int at) {
        if (!policy.scope().matches(inputs)) {
            clauses++;
            return new Asked(policy.id(), false, List.of());
        }
        List<AskedClause> told = new ArrayList<>();
        for (int i = 0; i < policy.clauses().length && told.size() < MOST_CLAUSES; i++) {
            told.add(clause(policy.clauses()[i], force.set().index().has(candidates, at, i)));
        }
        clauses += told.size();
        return new Asked(policy.id(), true, List.copyOf(told));
    }

    private AskedClause clause(Clause clause, boolean candidate) {
        String name = String.valueOf(clause.cause().clause());
        boolean holds = candidate && clause.condition().matches(inputs);
        return new AskedClause(name, holds, clause.score(), tests(clause), window(clause, name));
    }

    private List<Test> tests(Clause clause) {
        // Told too seldom to be compiled well, so without streams.
        List<Test> tests = new ArrayList<>();
        for (ClauseTest test : clause.tests()) {
            if (tests.size() == MOST_TESTS) {
                break;
            }
            boolean holds = test.condition().matches(inputs);
            tests.add(new Test(values(test.fields()), test.operator(), test.operands(), holds));
        }
        return List.copyOf(tests);
    }

    private @Nullable Window window(Clause clause, String name) {
        WindowRule rule = clause.window();
        if (rule == null) {
            return null;
        }
        EntityRule entity = clause.measure().entity();
        return new Window(
                WindowCount.of(
                        inputs.request().windows(),
                        String.valueOf(clause.cause().policy()),
                        name),
                rule.limit().threshold(),
                rule.limit().seconds(),
                entity.name(),
                values(entity.fields()));
    }

    private List<Value> values(List<FieldReference> fields) {
        List<Value> values = new ArrayList<>(fields.size());
        for (FieldReference field : fields) {
            values.add(new Value(field, field.text(inputs.request())));
        }
        return List.copyOf(values);
    }
}
