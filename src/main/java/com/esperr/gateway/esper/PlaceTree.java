package com.esperr.gateway.esper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places that are looked for in a JSON body, as a tree that a streaming parser walks along. Immutable once built. */
final class PlaceTree {
    private final Map<String, PlaceTree> children = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    private PlaceTree() {}

    static PlaceTree of(List<BodyPlace> places) {
        PlaceTree root = new PlaceTree();
        for (BodyPlace place : places) {
            PlaceTree node = root;
            for (String key : place.path()) {
                node = node.children.computeIfAbsent(key, unknown -> new PlaceTree());
            }
            node.names.add(place.written());
        }
        return root;
    }

    @Nullable
    PlaceTree child(String key) {
        return children.get(key);
    }

    /** Under what the value here is looked for. */
    List<String> names() {
        return names;
    }
}
