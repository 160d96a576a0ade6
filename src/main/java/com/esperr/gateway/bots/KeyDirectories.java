package com.esperr.gateway.bots;

import com.esperr.gateway.signatures.KeyDirectory;
import com.esperr.gateway.signatures.SignatureKey;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whose key a signature's is: only keys from places an operator named. Thread-safe. */
final class KeyDirectories {
    private final List<Place> places;
    private final Function<KeySource, @Nullable KeyDirectory> content;

    /** The directories of {@code bots}; {@code content} says what is in one now, or null. */
    KeyDirectories(List<KnownBot> bots, Function<KeySource, @Nullable KeyDirectory> content) {
        this.places = bots.stream()
                .flatMap(bot -> bot.keys().stream().map(source -> new Place(bot, source)))
                .toList();
        this.content = content;
    }

    private record Place(KnownBot bot, KeySource source) {}

    /** A bot and its key. */
    record Found(KnownBot bot, SignatureKey key) {}

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** The bot whose signatures name {@code agent}, or null. */
    @Nullable
    KnownBot bot(String agent) {
        return places.stream()
                .filter(place -> place.source.is(agent))
                .map(Place::bot)
                .findFirst()
                .orElse(null);
    }

    /** The key called {@code id} of the bot that {@code agent} is, or of any if the message names none; null if unknown. */
    @Nullable
    Found find(@Nullable String agent, String id) {
        for (Place place : places) {
            if (agent == null || place.source.is(agent)) {
                KeyDirectory directory = content.apply(place.source);
                SignatureKey key = directory == null ? null : directory.key(id);
                if (key != null) {
                    return new Found(place.bot, key);
                }
            }
        }
        return null;
    }
}
