package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that was read while another one is in force. Immutable.
 *
 * @param loaded the configuration
 * @param problems what is wrong with it and with what it names; if there are any, it may not be put in force
 * @param warnings what is legal and may be a mistake
 * @param swap puts it in force; null if there is not even something that could be
 */
record Candidate(
        Loaded<GatewayConfig> loaded,
        List<Problem> problems,
        List<String> warnings,
        ConfigReload.@Nullable Swap swap) {}
