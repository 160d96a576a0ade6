package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import java.util.List;

/**
 * An entity that policies can name, compiled. Immutable.
 *
 * @param index its place among the entities of the set
 * @param fields whose values together tell one visitor from another
 * @param matches which requests are such a visitor's
 * @param closed whether nothing but those fields says which requests match, so that the key alone tells who is meant
 */
record EntityRule(int index, String name, List<FieldReference> fields, Condition matches, boolean closed) {}
