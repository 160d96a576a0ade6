package com.esperr.gateway.rollout;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.request.FieldReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Section {@code rollout}. Immutable.
 *
 * @param paths files and directories of the policies that are rolled out; empty if none are
 * @param set whose place they take
 * @param stages shares of visitors about whom they decide, growing; 0 only compares
 * @param duration how long a stage lasts at least
 * @param requests how many they have to see in it at least
 * @param visitor the fields that tell visitors apart
 * @param bounds when they go back
 */
public record RolloutConfig(
        List<Path> paths,
        String set,
        List<Double> stages,
        Duration duration,
        long requests,
        List<FieldReference> visitor,
        Bounds bounds) {
    private static final int MOST_STAGES = 20;

    /** Reads the section. */
    public static RolloutConfig read(Section section) {
        List<Double> stages = section.parsedList("stages", Share.EXPECTED, Share::parse);
        if (!isGrowing(stages)) {
            section.problem(
                    "stages", stages.toString(), "up to " + MOST_STAGES + " shares, each larger than the one before");
        }
        List<FieldReference> visitor = section.parsedList(
                "visitor", "a field such as client_ip or cookie[name]", text -> FieldReference.parse(text.strip()));
        if (visitor.isEmpty()) {
            section.problem("visitor", "[]", "at least one field such as client_ip");
        }
        String set = section.string("set");
        return new RolloutConfig(
                section.parsedList("path", "a file or directory", Path::of),
                set.isEmpty() ? PolicyConfig.USUAL : set,
                stages,
                section.duration("duration", Duration.ZERO, Duration.ofDays(30)),
                section.number("requests", 1, 1_000_000_000),
                visitor,
                Bounds.read(section.section("bounds")));
    }

    private static boolean isGrowing(List<Double> stages) {
        boolean growing = !stages.isEmpty() && stages.size() <= MOST_STAGES;
        for (int i = 1; i < stages.size(); i++) {
            growing &= stages.get(i) > stages.get(i - 1);
        }
        return growing;
    }

    /** About which share of visitors the new policies decide in a stage; behind the last of {@link #stages} is one with all. */
    double share(int stage) {
        return stage < stages.size() ? stages.get(stage) : 1;
    }

    /** The number of the stage in which they decide about everybody. */
    int last() {
        return stages.get(stages.size() - 1) == 1 ? stages.size() - 1 : stages.size();
    }
}
