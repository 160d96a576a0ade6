package com.esperr.gateway.esper;

import com.esperr.gateway.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** Keys {@code api-key} and {@code api-key-file}, of which one at most is given. Stateless. */
final class ApiKeySource {
    private static final long LONGEST_FILE = 4096;
    private static final String KEY = "api-key";
    private static final String FILE = "api-key-file";

    private ApiKeySource() {}

    static ApiKey read(Section section, boolean needed, List<String> warnings) {
        ApiKey direct = section.parsedOrNull(KEY, "1 to 1024 visible ASCII characters", ApiKey::parse);
        String file = section.stringOrNull(FILE);
        if (direct != null && file != null) {
            // Which of two keys is meant, only the operator knows.
            section.problem(FILE, file, "empty, because esper.api-key or ESPER_API_KEY is given as well");
        }
        if (direct != null) {
            return direct;
        }
        if (file != null) {
            return fromFile(section, Path.of(file), warnings);
        }
        if (needed && section.string(KEY).isEmpty()) {
            // Said of the section, as the value of the key itself would be masked.
            section.problem("", "no API key", "ESPER_API_KEY, or a file named by esper.api-key-file");
        }
        return ApiKey.NONE;
    }

    private static ApiKey fromFile(Section section, Path file, List<String> warnings) {
        try {
            if (Files.size(file) > LONGEST_FILE) {
                section.problem(FILE, file.toString(), "a file that holds only the key");
                return ApiKey.NONE;
            }
            ApiKey key = ApiKey.parse(Files.readString(file));
            if (isReadableByAll(file)) {
                warnings.add("esper.api-key-file: " + file + " can be read by every user of this machine");
            }
            return key;
        } catch (IOException | IllegalArgumentException e) {
            // Neither message repeats what the file holds, nor does this one.
            section.problem(FILE, file.toString(), "a readable file that holds only the key");
            return ApiKey.NONE;
        }
    }

    private static boolean isReadableByAll(Path file) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.OTHERS_READ);
        } catch (UnsupportedOperationException e) {
            // A file system without such permissions says nothing about them.
            return false;
        }
    }
}
