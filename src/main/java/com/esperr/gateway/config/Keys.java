package com.esperr.gateway.config;

import com.typesafe.config.ConfigUtil;
import java.util.Locale;
import java.util.regex.Pattern;

/** How keys are joined to paths and spelled as environment variables. Stateless. */
final class Keys {
    static final String ENVIRONMENT_PREFIX = "ESPER_";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern SEPARATORS = Pattern.compile("[^A-Z0-9]");

    private Keys() {}

    static String join(String path, String key) {
        String quoted = PLAIN.matcher(key).matches() ? key : ConfigUtil.quoteString(key);
        return path.isEmpty() ? quoted : path + "." + quoted;
    }

    static String item(String path, int index) {
        return path + "[" + index + "]";
    }

    /** The systematic variable of a key: {@code limits.header-bytes} is {@code ESPER_LIMITS_HEADER_BYTES}. */
    static String environmentName(String path) {
        return ENVIRONMENT_PREFIX
                + SEPARATORS.matcher(path.toUpperCase(Locale.ROOT)).replaceAll("_");
    }
}
