package com.esperr.gateway.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar's manifest. Stateless. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "esper-gateway " + text(), "Java " + Runtime.version() + " on " + System.getProperty("os.name")
        };
    }

    /** The bare version; {@code development} when not run from the jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
