package com.esperr.gateway.admin;

import java.util.Map;

/** Something that an operator switches on and off. Thread-safe. */
public interface Switch {
    /** What there is to know about it, by name, in order: texts, numbers and truth values. */
    Map<String, Object> facts();

    /** Switches it; {@code by} is who asks. */
    void turn(boolean on, String by);
}
