package com.esperr.gateway.rollout;

import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.rollout.Progress.Phase;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The words in which every step of a rollout is recorded and logged. Thread-safe: it keeps nothing. */
final class Chronicle {
    static final String EVENT = "policies-rollout";

    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private Chronicle() {}

    /** What is recorded of a step. */
    static Map<String, String> about(Progress made, RolloutConfig config, PolicySet base, PolicySet candidate) {
        return Map.of(
                "set",
                config.set(),
                "before",
                base.hash(),
                "after",
                candidate.hash(),
                "what",
                what(made),
                "share",
                share(made, config),
                "reason",
                made.reason());
    }

    /** Tells the log of a step that is made: one back as a warning. */
    static void log(Progress made, RolloutConfig config, PolicySet base, PolicySet candidate) {
        if (made.phase() == Phase.ROLLED_BACK) {
            LOG.warn("rollout of {} in place of {}: {}: {}", candidate.hash(), base.hash(), what(made), made.reason());
        } else {
            LOG.info(
                    "rollout of {} in place of {}: {}, {} of visitors: {}",
                    candidate.hash(),
                    base.hash(),
                    what(made),
                    share(made, config),
                    made.reason());
        }
    }

    private static String what(Progress made) {
        return made.phase() == Phase.RUNNING
                ? "stage " + made.stage()
                : made.phase().label();
    }

    private static String share(Progress made, RolloutConfig config) {
        return Share.text(
                switch (made.phase()) {
                    case RUNNING -> config.share(made.stage());
                    case PROMOTED -> 1;
                    case ABORTED, ROLLED_BACK -> 0;
                });
    }
}
