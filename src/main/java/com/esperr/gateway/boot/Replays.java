package com.esperr.gateway.boot;

import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.replay.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replays recorded requests by a configuration, without a gateway that runs. Stateless. */
public final class Replays {
    private static final ChallengeUrl SOMEWHERE = ChallengeUrl.parse("https://challenge.invalid/");

    private Replays() {}

    /**
     * Shows what is in {@code files} to {@code policies}; blocks.
     *
     * @param set the name of the set in question, or null for that of sites that name none
     * @param against another set to compare with, or null: what was decided when it was recorded
     */
    public static Replay.Outcome run(
            GatewayConfig config,
            @Nullable String set,
            PolicySet policies,
            @Nullable PolicySet against,
            int samples,
            List<Path> files)
            throws IOException, InterruptedException {
        ChallengePlace place = config.challenge() == null ? SOMEWHERE : config.challenge();
        return Replay.run(
                new Replay.Terms(
                        policies,
                        against,
                        new Replay.Limits(
                                config.policies().maxWindows(),
                                config.policies().maxMitigations(),
                                config.client().ipv6Prefix()),
                        place,
                        config.client().rules(),
                        config.paths(),
                        config.routes(),
                        config.sourceName(),
                        set,
                        samples),
                files);
    }
}
