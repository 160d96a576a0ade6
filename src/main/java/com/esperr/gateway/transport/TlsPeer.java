package com.esperr.gateway.transport;

import com.esperr.gateway.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a service that is called over TLS is recognised, and who calls. Immutable.
 *
 * @param caFile PEM file of the authorities to trust instead of the JDK's, or null
 * @param serverName the name to ask for and to find in the certificate instead of the URL's host, or null
 * @param verify whether authority and name of the certificate are checked
 * @param certificateFile PEM file of the certificate to present, with its chain, or null
 * @param keyFile PEM file of its key, or null
 */
public record TlsPeer(
        @Nullable Path caFile,
        @Nullable String serverName,
        boolean verify,
        @Nullable Path certificateFile,
        @Nullable Path keyFile) {
    private static final String EXPECTED_NAME = "a host name";

    /** A service with a certificate of its URL's host from one of these authorities, called by nobody in particular. */
    static TlsPeer trusting(@Nullable Path caFile) {
        return new TlsPeer(caFile, null, true, null, null);
    }

    /** Reads the section, and that its files can be used. */
    public static TlsPeer read(Section section) {
        Path caFile = CaFile.read(section, "ca-file");
        Path certificate = CaFile.readable(section, "certificate-file");
        Path key = CaFile.readable(section, "key-file");
        TlsPeer peer = new TlsPeer(
                caFile,
                section.parsedOrNull("server-name", EXPECTED_NAME, TlsPeer::hostName),
                section.flag("verify"),
                certificate,
                key);
        peer.check(section);
        return peer;
    }

    /** Whether anything differs from what is done anyway. */
    public boolean says() {
        return !verify || caFile != null || serverName != null || certificateFile != null || keyFile != null;
    }

    /**
     * What its files are at the moment: differs from what was said before if one of them is another one now. Blocks on the file
     * system.
     */
    public String files() {
        return Stream.of(caFile, certificateFile, keyFile)
                .filter(Objects::nonNull)
                .map(TlsPeer::about)
                .collect(Collectors.joining(" "));
    }

    private static String about(Path file) {
        try {
            BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
            return about.size() + "/" + about.lastModifiedTime() + "/" + about.fileKey();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private void check(Section section) {
        if ((certificateFile == null) != (keyFile == null)) {
            if (section.string("certificate-file").isEmpty()
                    || section.string("key-file").isEmpty()) {
                String missing = section.string("key-file").isEmpty() ? "key-file" : "certificate-file";
                section.problem(missing, "", "the PEM file that belongs to the other one");
            }
        } else if (certificateFile != null && keyFile != null && !usable(certificateFile, keyFile)) {
            section.problem(
                    "key-file",
                    keyFile.toString(),
                    "the PKCS#8 PEM file, without a password, of the key of " + certificateFile);
        }
        if (!verify && caFile != null) {
            section.problem("ca-file", caFile.toString(), "nothing, because verify is false");
        }
    }

    private static boolean usable(Path certificate, Path key) {
        try {
            // The same reading as later, so that what passes here works there.
            ClientTls.context(new TlsPeer(null, null, true, certificate, key));
            return KeyMatch.of(certificate, key);
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }

    private static String hostName(String text) {
        if (!text.matches("[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*")
                || text.length() > 253) {
            throw new IllegalArgumentException(EXPECTED_NAME);
        }
        return text;
    }
}
