package com.esperr.gateway;

import com.esperr.gateway.cli.GatewayCommand;

/** The entry point of the jar. */
public final class Main {
    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(GatewayCommand.execute(arguments));
    }
}
