package com.esperr.gateway.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts that one configuration is served with, each made of a piece of it. The next configuration gets a generation of its own: a part
 * whose piece is the same goes over into it with everything it knows, others are made beside those that still serve. Then all of it takes
 * their place, or it is discarded and nothing has happened. Confined to the thread that composes, one at a time.
 */
final class Generation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    /** Makes a part. */
    interface Maker<T> {
        /**
         * Makes it.
         *
         * @param before the one whose place it may take, which is in use, or null
         * @throws IOException if it cannot be made; the message names the key
         */
        T make(@Nullable T before) throws IOException;
    }

    /** Ends a part that nobody looks up any more, though some who have may still be at work with it; may block for a moment. */
    interface Leaving<T> {
        /** Ends {@code before}, in whose place {@code next} is, if anything. */
        void leave(T before, @Nullable T next);
    }

    private record Made<T>(T part, List<?> of, Leaving<T> leaving, boolean last) {
        void leave(@Nullable Made<?> next) {
            // The name of a part stands for one type.
            @SuppressWarnings("unchecked")
            Made<T> same = (Made<T>) next;
            leaving.leave(part, same == null ? null : same.part);
        }
    }

    private final Map<String, Made<?>> made = new LinkedHashMap<>();
    private @Nullable Generation before;

    /** Nothing yet, after {@code before}, if there is one. */
    Generation(@Nullable Generation before) {
        this.before = before;
    }

    /**
     * The part of that name: the one of before if that was made of the same, else a new one.
     *
     * @param of everything that it is made of and that may be another thing in the next configuration
     * @throws IOException if it cannot be made
     */
    <T> T part(String name, List<?> of, Maker<T> maker, Leaving<T> leaving) throws IOException {
        return part(name, of, maker, leaving, false);
    }

    /** The same of one that still hears of what is cut when the event loops end, and so is closed after them. */
    <T> T journal(String name, List<?> of, Maker<T> maker, Leaving<T> leaving) throws IOException {
        return part(name, of, maker, leaving, true);
    }

    private <T> T part(String name, List<?> of, Maker<T> maker, Leaving<T> leaving, boolean last) throws IOException {
        // The name of a part stands for one type.
        @SuppressWarnings("unchecked")
        Made<T> here = (Made<T>) made.get(name);
        if (here != null) {
            return here.part;
        }
        @SuppressWarnings("unchecked")
        Made<T> known = before == null ? null : (Made<T>) before.made.get(name);
        T part = known != null && known.of.equals(of) ? known.part : maker.make(known == null ? null : known.part);
        made.put(name, new Made<>(part, of, leaving, last));
        return part;
    }

    /** The same of one that holds nothing that has to be let go. */
    <T> T part(String name, List<?> of, Maker<T> maker) throws IOException {
        return part(name, of, maker, (gone, next) -> {});
    }

    /** The names of those that were made anew. */
    List<String> made() {
        Generation other = before;
        return made.keySet().stream()
                .filter(name -> other == null || !other.has(made.get(name)))
                .toList();
    }

    private boolean has(@Nullable Made<?> one) {
        return one != null && made.values().stream().anyMatch(known -> known.part == one.part);
    }

    /** Is not put in force: closes what only this one has. */
    void discard() {
        Generation other = before;
        backwards().stream().filter(one -> other == null || !other.has(one)).forEach(Generation::close);
    }

    /** Is in force: ends what was in force before and is not any more. */
    void relieve() {
        Generation other = before;
        before = null;
        if (other == null) {
            return;
        }
        List<String> names = new ArrayList<>(other.made.keySet());
        Collections.reverse(names);
        for (String name : names) {
            Made<?> gone = other.made.get(name);
            if (gone != null && !has(gone)) {
                try {
                    gone.leave(made.get(name));
                } catch (RuntimeException failed) {
                    LOG.error("ending {} failed", name, failed);
                }
            }
        }
    }

    /** Closes all of it but journals. */
    @Override
    public void close() {
        backwards().stream().filter(one -> !one.last).forEach(Generation::close);
    }

    /** Closes the journals. */
    void closeJournals() {
        backwards().stream().filter(one -> one.last).forEach(Generation::close);
    }

    private List<Made<?>> backwards() {
        List<Made<?>> all = new ArrayList<>(made.values());
        Collections.reverse(all);
        return all;
    }

    private static void close(Made<?> one) {
        if (one.part instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception failed) {
                LOG.error("closing {} failed", open.getClass().getSimpleName(), failed);
            }
        }
    }
}
