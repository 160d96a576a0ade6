package com.esperr.gateway.cli;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit that the build wrote into the jar's manifest. Stateless. */
final class Version implements IVersionProvider {
    private static final String COMMIT = "Implementation-Commit";
    private static final String NONE = "unknown";

    @Override
    public String[] getVersion() {
        return new String[] {
            "esper-gateway " + Release.text() + ", commit " + commit(),
            "Java " + Runtime.version() + " on " + System.getProperty("os.name")
        };
    }

    /** The commit that was built; {@code unknown} when not run from the jar, or when that was built where nobody knew. */
    private static String commit() {
        URL here = Version.class.getResource("Version.class");
        try {
            if (here != null && here.openConnection() instanceof JarURLConnection jar) {
                return commit(jar.getManifest());
            }
        } catch (IOException unreadable) {
            return NONE;
        }
        return NONE;
    }

    private static String commit(@Nullable Manifest manifest) {
        String commit = manifest == null ? null : manifest.getMainAttributes().getValue(COMMIT);
        return commit == null || !commit.matches("[0-9a-f]+") ? NONE : commit;
    }
}
