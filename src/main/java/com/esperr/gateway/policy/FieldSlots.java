package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Hands out the slots of one policy set while it is compiled. Confined to the thread that compiles. */
final class FieldSlots {
    private record Kind(FieldReference field, boolean folded) {}

    private final Map<Kind, FieldSlot> slots = new LinkedHashMap<>();

    /** The slot of a field; the same one for the same question. */
    FieldSlot of(FieldReference field, boolean folded) {
        return slots.computeIfAbsent(
                new Kind(field, folded), kind -> new FieldSlot(slots.size(), kind.field(), kind.folded()));
    }

    /** Those in which something of a body is kept, as they are written. */
    Set<String> bodyFields() {
        return slots.keySet().stream()
                .map(Kind::field)
                .filter(field -> field.field() == RequestField.BODY)
                .map(FieldReference::toString)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How many there are. */
    int size() {
        return slots.size();
    }
}
