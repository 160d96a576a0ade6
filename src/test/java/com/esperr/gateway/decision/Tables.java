package com.esperr.gateway.decision;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Failure tables as configuration makes them. */
final class Tables {
    private Tables() {}

    /** The table of the reference. */
    static FailureTable reference() {
        return load(Map.of()).value();
    }

    /** A table with some cells changed, by the path of their keys. */
    static Loaded<FailureTable> load(Map<String, String> options) {
        ConfigSource source = ConfigSource.load(null, Map.of(), options);
        return Configurations.read(source, root -> {
            @Nullable ChallengeUrl url = root.section("challenge").parsedOrNull("url", "a URL", ChallengeUrl::parse);
            return FailureTable.read(root.section("failure"), url);
        });
    }
}
