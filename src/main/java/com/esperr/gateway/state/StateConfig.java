package com.esperr.gateway.state;

import com.esperr.gateway.config.Section;

/**
 * Section {@code state}: where what outlives a request is kept. Immutable.
 *
 * @param store which store
 * @param redis how Redis is reached, meaningful with {@link Store#REDIS}
 */
public record StateConfig(Store store, RedisConfig redis) {
    /** The stores. */
    public enum Store {
        /** This process; each gateway counts for itself. */
        MEMORY,
        /** A Redis that gateways share. */
        REDIS
    }

    /** Reads the section. */
    public static StateConfig read(Section section) {
        return new StateConfig(section.choice("store", Store.class), RedisConfig.read(section.section("redis")));
    }
}
