package com.esperr.gateway.transport;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that is shown to visitors. Immutable.
 *
 * @param certificateFile PEM file with its chain
 * @param keyFile PEM file of its key
 */
public record CertificateFiles(Path certificateFile, Path keyFile) {
    /** Reads the section, and that its files belong together; empty if they cannot be used. */
    public static Optional<CertificateFiles> read(Section section) {
        Path certificate = file(section, "certificate-file");
        Path key = file(section, "key-file");
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        CertificateFiles files = new CertificateFiles(certificate, key);
        if (!files.match()) {
            section.problem(
                    "key-file",
                    key.toString(),
                    "the PKCS#8 PEM file, without a password, of the key of " + certificate);
            return Optional.empty();
        }
        return Optional.of(files);
    }

    /** Whether the key is the certificate's. */
    public boolean match() {
        return KeyMatch.of(certificateFile, keyFile);
    }

    private static @Nullable Path file(Section section, String key) {
        return section.required(key, "the path of a PEM file").isEmpty() ? null : CaFile.readable(section, key);
    }
}
