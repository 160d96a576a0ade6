package com.esperr.gateway;

/** The process entry point. Immutable: it holds nothing. */
public final class Main {

    private Main() {}

    /** Starts the gateway with the given command line. */
    public static void main(String[] args) {
        System.out.println("esper-gateway");
    }
}
