package com.esperr.gateway;

import com.esperr.gateway.cli.GatewayCommand;
import com.esperr.gateway.cli.PlainRun;
import java.util.OptionalInt;
import java.util.Properties;

/** The entry point of the jar. */
public final class Main {
    private static final String LEAK_SAMPLING = "io.netty.leakDetection.samplingInterval";

    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        sampleFewer(System.getProperties());
        OptionalInt ran = PlainRun.execute(arguments);
        System.exit(ran.isPresent() ? ran.getAsInt() : GatewayCommand.execute(arguments));
    }

    /**
     * Has Netty watch whether one of 4,096 buffers is given back, unless {@code properties} say of how many; it reads them once, when it is
     * used first.
     */
    static void sampleFewer(Properties properties) {
        // Each is a stack trace: with one of 128, as Netty has it, they took up to 4 % of a loop's time. A leak still
        // shows within seconds.
        properties.putIfAbsent(LEAK_SAMPLING, "4096");
    }
}
