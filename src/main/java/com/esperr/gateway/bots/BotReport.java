package com.esperr.gateway.bots;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.DnsClient;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.NameService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Says step by step what proves that a visitor is the bot he says he is, or why nothing does. For people: asks DNS anew and
 * keeps nothing. Thread-safe; the answer comes on a loop of the name service.
 */
public final class BotReport {
    private final BotsConfig config;
    private final UserAgents userAgents;
    private final BotFiles files;
    private final NameService names;

    BotReport(BotsConfig config, NameService names) {
        this.config = config;
        this.userAgents = UserAgents.of(config.known());
        this.files = new BotFiles(config.known());
        this.names = names;
    }

    /** Reports by {@code config}, with questions on {@code loops}. */
    public static BotReport of(BotsConfig config, EventLoops loops) {
        return new BotReport(
                config, new DnsClient(config.dns().servers(), config.dns().timeout(), loops));
    }

    /**
     * What was found.
     *
     * @param verified whether the visitor is a bot that is who it says
     * @param lines for people, one step a line
     */
    public record Findings(boolean verified, List<String> lines) {}

    /** Examines a visitor from {@code address}. */
    public CompletableFuture<Findings> examine(IpAddress address, @Nullable String userAgent) {
        List<String> lines = new ArrayList<>();
        KnownBot claimed = claimed(userAgent, lines);
        KnownBot there = inRange(address, claimed, lines);
        CompletableFuture<Findings> findings = new CompletableFuture<>();
        boolean noRanges = claimed == null || !files.ranges().know(claimed);
        if (!config.dns().enabled()) {
            lines.add("dns        not asked (bots.dns.enabled is false)");
            findings.complete(concluded(claimed, there, null, noRanges, lines));
            return findings;
        }
        ReverseLookup.start(names, address, name -> config.known().stream().anyMatch(bot -> bot.owns(name)), result -> {
            result.steps().forEach(step -> lines.add("dns        " + step));
            KnownBot owner = owner(result.names(), claimed);
            boolean unasked = claimed == null || claimed.dns().isEmpty();
            boolean open =
                    unasked ? noRanges : !result.certain() && result.names().isEmpty();
            findings.complete(concluded(claimed, there, owner, open, lines));
        });
        return findings;
    }

    private @Nullable KnownBot claimed(@Nullable String userAgent, List<String> lines) {
        KnownBot claimed = userAgent == null ? null : userAgents.find(userAgent);
        if (userAgent == null) {
            lines.add("user agent none given");
        } else if (claimed == null) {
            lines.add("user agent names no known bot");
        } else {
            lines.add("user agent says " + claimed.name());
        }
        return claimed;
    }

    private @Nullable KnownBot inRange(IpAddress address, @Nullable KnownBot claimed, List<String> lines) {
        Ranges ranges = files.ranges();
        List<KnownBot> around = config.known().stream()
                .filter(bot -> ranges.contain(bot, address))
                .toList();
        lines.add("ranges     "
                + (around.isEmpty()
                        ? address + " is in none of " + ranges.networks() + " networks"
                        : address + " is in a network of " + around.get(0).name()));
        if (claimed != null && !ranges.know(claimed)) {
            lines.add("ranges     none are configured for " + claimed.name()
                    + (claimed.published() == null ? "" : "; its owner publishes them at " + claimed.published()));
        }
        return claimed != null && around.contains(claimed)
                ? claimed
                : around.stream()
                        .filter(bot -> bot.userAgents().isEmpty())
                        .findFirst()
                        .orElse(null);
    }

    private @Nullable KnownBot owner(List<String> confirmed, @Nullable KnownBot claimed) {
        if (claimed != null && confirmed.stream().anyMatch(claimed::owns)) {
            return claimed;
        }
        return config.known().stream()
                .filter(bot -> confirmed.stream().anyMatch(bot::owns))
                .findFirst()
                .orElse(null);
    }

    private static Findings concluded(
            @Nullable KnownBot claimed,
            @Nullable KnownBot there,
            @Nullable KnownBot owner,
            boolean open,
            List<String> lines) {
        if (claimed != null && !claimed.keys().isEmpty()) {
            lines.add("signature  " + claimed.name() + " may sign its requests, which this command cannot see");
        }
        boolean verified = there != null || (claimed != null && claimed.equals(owner));
        lines.add("result     " + conclusion(claimed, there, owner, open));
        return new Findings(verified, List.copyOf(lines));
    }

    private static String conclusion(
            @Nullable KnownBot claimed, @Nullable KnownBot there, @Nullable KnownBot owner, boolean open) {
        if (there != null) {
            return "verified: " + there.name() + ", by range";
        }
        if (claimed == null) {
            return owner == null
                    ? "no known bot"
                    : "not verified: its names are those of " + owner.name() + ", but it does not say so";
        }
        if (claimed.equals(owner)) {
            return "verified: " + claimed.name() + ", by dns";
        }
        return open
                ? "not verified: nothing proves that it is " + claimed.name()
                : "impostor: it is not " + claimed.name();
    }
}
