package com.esperr.gateway.policy;

import com.esperr.gateway.net.CidrTrie;
import java.util.List;

/**
 * Finds the clauses that a request may match, over all policies at once: each clause is entered under something that must be
 * so for it to match, and a request looks up what it has. Clauses about which nothing of the kind is known are always among
 * them. It says nothing about those it finds, and never leaves one out that matches. Immutable.
 */
final class PolicyIndex {
    private final long[] always;
    private final FieldIndex[] fields;
    private final AgentIndex[] agents;
    private final CidrTrie<int[]> networks;
    private final int[] firsts;
    private final int[] owners;

    /**
     * An index.
     *
     * @param always the clauses that may always match, by bits
     * @param fields where the values of fields are looked up
     * @param networks where the visitor's address is
     * @param firsts the number of each policy's first clause, and behind them the number of clauses
     */
    PolicyIndex(long[] always, List<FieldIndex> fields, CidrTrie<int[]> networks, int[] firsts) {
        this.always = always;
        this.fields = fields.stream().filter(field -> !AgentIndex.isFor(field)).toArray(FieldIndex[]::new);
        this.agents =
                fields.stream().filter(AgentIndex::isFor).map(AgentIndex::new).toArray(AgentIndex[]::new);
        this.networks = networks;
        this.firsts = firsts;
        int policies = firsts.length - 1;
        this.owners = new int[firsts[policies]];
        for (int policy = 0; policy < policies; policy++) {
            for (int clause = firsts[policy]; clause < firsts[policy + 1]; clause++) {
                owners[clause] = policy;
            }
        }
    }

    /** The clauses that the request may match. */
    Candidates candidates(Inputs inputs) {
        Candidates candidates = new Candidates(always);
        networks.around(inputs.request().client().address(), candidates);
        for (FieldIndex field : fields) {
            field.find(inputs, candidates);
        }
        for (AgentIndex agent : agents) {
            agent.find(inputs, candidates);
        }
        return candidates;
    }

    /** The first policy from {@code policy} on of which a clause is among the candidates; the number of policies if none is. */
    int policy(Candidates candidates, int policy) {
        int next = candidates.next(firsts[policy]);
        return next < 0 ? firsts.length - 1 : owners[next];
    }

    /** Whether a clause of a policy is among the candidates. */
    boolean has(Candidates candidates, int policy, int clause) {
        return candidates.has(firsts[policy] + clause);
    }
}
