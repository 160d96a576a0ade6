package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import java.util.List;

/**
 * What came of reading policy files. Immutable.
 *
 * @param policies the policies; empty when there are problems, since half a set must not be put in force
 * @param problems what is wrong, by file and line
 * @param warnings what the operator should know although it is legal
 * @param tests how many tests the files hold
 */
public record LoadedPolicies(PolicySet policies, List<Problem> problems, List<String> warnings, int tests) {}
