package com.esperr.gateway.bots;

import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.CidrTrie;
import com.esperr.gateway.net.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The networks of all bots that have any. Immutable; look-ups allocate next to nothing. */
final class Ranges {
    private final Map<String, CidrSet> byBot;
    private final @Nullable CidrTrie<KnownBot> anonymous;
    private final long networks;

    private Ranges(Map<String, CidrSet> byBot, @Nullable CidrTrie<KnownBot> anonymous, long networks) {
        this.byBot = byBot;
        this.anonymous = anonymous;
        this.networks = networks;
    }

    /** The networks of {@code bots}, as {@code networks} says for each file. */
    static Ranges of(List<KnownBot> bots, Function<Path, List<Cidr>> networks) {
        Map<String, CidrSet> byBot = new HashMap<>();
        Map<Cidr, KnownBot> anonymous = new HashMap<>();
        long count = 0;
        for (KnownBot bot : bots) {
            List<Cidr> all = new ArrayList<>();
            bot.ranges().forEach(file -> all.addAll(networks.apply(file)));
            if (!all.isEmpty()) {
                byBot.put(bot.name(), CidrSet.of(all));
                count += all.size();
            }
            if (bot.userAgents().isEmpty()) {
                all.forEach(network -> anonymous.put(network, bot));
            }
        }
        return new Ranges(Map.copyOf(byBot), anonymous.isEmpty() ? null : CidrTrie.of(anonymous), count);
    }

    /** Whether anything is known about where {@code bot} comes from. */
    boolean know(KnownBot bot) {
        return byBot.containsKey(bot.name());
    }

    /** Whether {@code address} is one of {@code bot}'s. */
    boolean contain(KnownBot bot, IpAddress address) {
        CidrSet set = byBot.get(bot.name());
        return set != null && set.contains(address);
    }

    /** The bot that needs no User-Agent and has {@code address} in its narrowest network around it, or null. */
    @Nullable
    KnownBot around(IpAddress address) {
        if (anonymous == null) {
            return null;
        }
        Narrowest narrowest = new Narrowest();
        anonymous.around(address, narrowest);
        return narrowest.bot;
    }

    /** How many networks there are. */
    long networks() {
        return networks;
    }

    /** Keeps the last one it is told. */
    private static final class Narrowest implements Consumer<KnownBot> {
        private @Nullable KnownBot bot;

        @Override
        public void accept(KnownBot told) {
            bot = told;
        }
    }
}
