package com.esperr.gateway.policy;

import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads policy files: those named, and the {@code *.conf} and {@code *.json} files of the directories named, in order of
 * name. Definitions of one file can be used in all others. Tests that are not passed are problems. Confined to the thread that reads, which may block.
 */
public final class PolicyLoader {
    private static final String COUNTRY_DATABASE = "policies.country-database";

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean complete = true;

    private PolicyLoader() {}

    /** Reads, checks and compiles everything under {@code paths}, without knowing countries. */
    public static LoadedPolicies load(List<Path> paths) {
        return new PolicyLoader().read(paths, null);
    }

    /** Reads, checks and compiles what {@code config} names, and runs the tests that are there. */
    public static LoadedPolicies load(PolicyConfig config) {
        return new PolicyLoader().read(config.paths(), config.countryDatabase());
    }

    private LoadedPolicies read(List<Path> paths, @Nullable Path countryDatabase) {
        Definitions definitions = Definitions.NONE;
        for (Path path : paths) {
            for (Path file : files(path)) {
                definitions = definitions.and(read(file));
            }
        }
        PolicyCompiler compiler = new PolicyCompiler(definitions);
        List<Problem> unlinked = compiler.link();
        // Names that a file defines which could not be read are not unknown.
        if (complete) {
            problems.addAll(unlinked);
        }
        if (compiler.asksForCountries() && countryDatabase == null) {
            problems.add(new Problem(
                    "policies", COUNTRY_DATABASE, "missing", "a MaxMind DB file, because a policy asks for a country"));
        }
        Countries countries = countryDatabase == null ? Countries.NONE : countries(countryDatabase);
        PolicySet set = problems.isEmpty() ? compiler.compile(countries) : PolicySet.EMPTY;
        if (problems.isEmpty()) {
            problems.addAll(PolicyTests.failures(set, definitions.tests()));
        }
        List<Problem> sorted = problems.stream().distinct().sorted().toList();
        return new LoadedPolicies(
                sorted.isEmpty() ? set : PolicySet.EMPTY,
                sorted,
                List.copyOf(warnings),
                definitions.tests().size());
    }

    private Countries countries(Path file) {
        try {
            return CountryDatabase.open(file);
        } catch (IOException unreadable) {
            problems.add(new Problem(
                    "policies",
                    COUNTRY_DATABASE,
                    file + ", " + unreadable.getMessage(),
                    "a MaxMind DB file with countries"));
            return Countries.NONE;
        }
    }

    private Definitions read(Path file) {
        List<Definitions> read = new ArrayList<>();
        Loaded<Boolean> loaded = Configurations.readFile(file, section -> read.add(DefinitionReader.read(section)));
        problems.addAll(loaded.problems());
        warnings.addAll(loaded.warnings());
        complete &= loaded.problems().isEmpty() || !loaded.effective().isEmpty();
        return read.isEmpty() ? Definitions.NONE : read.get(0);
    }

    private List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> files =
                    entries.filter(PolicyFiles::isPolicyFile).sorted().toList();
            if (files.isEmpty()) {
                warnings.add(path + ": no policy files (expected: *.conf or *.json)");
            }
            return files;
        } catch (IOException unreadable) {
            problems.add(new Problem(path.toString(), "", "not readable", "a readable directory"));
            return List.of();
        }
    }
}
