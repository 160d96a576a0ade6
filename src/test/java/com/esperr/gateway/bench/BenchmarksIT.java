package com.esperr.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark does what it is to measure: once, in this process. What it costs is for a quiet machine to say. */
class BenchmarksIT {
    private static final Path SOURCES = Path.of("src/jmh/java");

    @Test
    void everyBenchmarkRuns() throws RunnerException, IOException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .forks(0)
                        .mode(Mode.SingleShotTime)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        TreeSet<String> ran = new TreeSet<>();
        results.forEach(result -> ran.add(benchmarkClass(result)));
        assertThat(ran).containsExactlyElementsOf(classes());
    }

    private static String benchmarkClass(RunResult result) {
        String method = result.getParams().getBenchmark();
        return method.substring(0, method.lastIndexOf('.'));
    }

    private static List<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString())
                    .filter(file -> file.endsWith("Benchmark.java"))
                    .map(file -> file.replace(".java", "").replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }
}
