package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Command lines that end by themselves. Static only. */
public final class Shell {
    private static final int LIMIT_SECONDS = 120;

    private Shell() {}

    /** Runs {@code line} and answers what it said on both outputs, however it ended. */
    public static String run(String line) {
        return run(line, LIMIT_SECONDS);
    }

    /** The same, but it is ended after so many seconds. */
    public static String run(String line, int seconds) {
        try {
            Process process = new ProcessBuilder("timeout", Integer.toString(seconds), "sh", "-c", line)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + line, e);
        }
    }
}
