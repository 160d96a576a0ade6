package com.esperr.gateway.rollout;

import com.esperr.gateway.config.Section;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code rollout.bounds}: what new policies may not do. Immutable.
 *
 * @param passHolders by how much larger the share of pass holders' requests that they challenge or block may be than with those in
 *     force
 * @param verifiedBots the same of requests of verified bots
 * @param solvedMin how many of those they challenge must solve it at least, at the end of a stage
 * @param solvedMax how many may solve it at most: whoever can is a person
 * @param sample from how many on a share counts
 */
record Bounds(double passHolders, double verifiedBots, double solvedMin, double solvedMax, long sample) {
    static Bounds read(Section section) {
        return new Bounds(
                share(section, "pass-holders"),
                share(section, "verified-bots"),
                share(section, "solved-min"),
                share(section, "solved-max"),
                section.number("sample", 1, 1_000_000_000));
    }

    private static double share(Section section, String key) {
        return section.parsed(key, Share.EXPECTED, 0.0, Share::parse);
    }

    /** Why the new policies have to go back, or null if nothing speaks against them. */
    @Nullable
    String crossed(Tally now, Tally before) {
        String holders = more("pass holders", now.passHolders(), before.passHolders(), passHolders);
        if (holders != null) {
            return holders;
        }
        String bots = more("verified bots", now.verifiedBots(), before.verifiedBots(), verifiedBots);
        if (bots != null) {
            return bots;
        }
        Ratio solved = now.solved();
        return solved.of() >= sample && solved.share() > solvedMax
                ? "challenges solved: " + solved + " (expected: at most " + Share.text(solvedMax) + ")"
                : null;
    }

    /** The same at the end of a stage, when whoever was challenged had time to solve it. */
    @Nullable
    String crossedAtEnd(Tally now) {
        Ratio solved = now.solved();
        return solved.of() >= sample && solved.share() < solvedMin
                ? "challenges solved: " + solved + " (expected: at least " + Share.text(solvedMin) + ")"
                : null;
    }

    private @Nullable String more(String who, Ratio now, Ratio before, double bound) {
        // Without anybody to compare with, what those in force do is taken for nothing.
        double usual = before.of() == 0 ? 0 : before.share();
        return now.of() >= sample && now.share() - usual > bound
                ? who + " challenged or blocked: " + now + " (expected: at most " + Share.text(bound)
                        + " more than the " + Share.text(usual) + " of the policies in force)"
                : null;
    }
}
