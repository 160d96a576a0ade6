package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An authority of openssl's, which keeps a list of what it gave and can answer questions about it (OCSP). */
public final class OpensslAuthority {
    private final Path directory;

    /** Makes one in {@code directory}: {@code ca.pem} is its certificate. */
    public OpensslAuthority(Path directory) {
        this.directory = directory;
        try {
            Files.createFile(directory.resolve("index.txt"));
            Files.writeString(directory.resolve("ca.conf"), """
                    [ca]
                    default_ca = here
                    [here]
                    database = %1$s/index.txt
                    certificate = %1$s/ca.pem
                    private_key = %1$s/ca.key
                    default_md = sha256
                    """.formatted(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell("openssl req -x509 -newkey rsa:2048 -nodes -days 900 -subj '/CN=Openssl Authority' -keyout DIR/ca.key"
                + " -out DIR/ca.pem -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature");
    }

    /** Gives a certificate for {@code name}, {@code NAME.pem} with its chain and {@code NAME.key}, that names a responder. */
    public void issue(String name, int responderPort, String more) {
        try {
            Files.writeString(
                    directory.resolve("ext"),
                    "subjectAltName=DNS:" + name + "\nauthorityInfoAccess=OCSP;URI:http://127.0.0.1:" + responderPort
                            + "/\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature\n" + more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + name
                + " -keyout DIR/" + name + ".key -out DIR/csr");
        shell(
                "openssl x509 -req -in DIR/csr -days 200 -CA DIR/ca.pem -CAkey DIR/ca.key -CAcreateserial -extfile DIR/ext"
                        + " -out DIR/leaf");
        shell("cat DIR/leaf DIR/ca.pem > DIR/" + name + ".pem");
        assertThat(shell("openssl ca -config DIR/ca.conf -valid DIR/leaf")).contains("Database updated");
    }

    /** Takes back what it gave last. */
    public void revoke() {
        assertThat(shell("openssl ca -config DIR/ca.conf -revoke DIR/leaf")).contains("Database updated");
    }

    /** Writes what it says about what it gave last to a file of that name. */
    public void say(String file) {
        shell("openssl ocsp -index DIR/index.txt -CA DIR/ca.pem -rsigner DIR/ca.pem -rkey DIR/ca.key -issuer DIR/ca.pem"
                + " -cert DIR/leaf -no_nonce -ndays 2 -respout DIR/" + file);
    }

    /** Answers questions on that port until closed. */
    public AutoCloseable respond(int port) {
        ChildProcess process = ChildProcess.start(new ProcessBuilder(
                "openssl",
                "ocsp",
                "-port",
                Integer.toString(port),
                "-index",
                directory.resolve("index.txt").toString(),
                "-CA",
                directory.resolve("ca.pem").toString(),
                "-rkey",
                directory.resolve("ca.key").toString(),
                "-rsigner",
                directory.resolve("ca.pem").toString(),
                "-nmin",
                "60"));
        return process;
    }

    private String shell(String line) {
        return Shell.run(line.replace("DIR", directory.toString()));
    }
}
