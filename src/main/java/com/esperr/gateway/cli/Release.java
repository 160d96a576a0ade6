package com.esperr.gateway.cli;

/** The bare version that the build wrote into the jar's manifest; apart from {@link Version}, for which picocli is loaded. Stateless. */
final class Release {
    private Release() {}

    /** The version; {@code development} when not run from the jar. */
    static String text() {
        String version = Release.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
