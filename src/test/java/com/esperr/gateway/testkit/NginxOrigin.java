package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real nginx as origin: in the foreground, a child of the test, with one worker, its configuration and files in a temporary
 * directory. {@code /} answers with a line of text that repeats method, URI and host; {@code /files/} serves {@link #file files}.
 */
public final class NginxOrigin implements AutoCloseable {

    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            pid DIR/nginx.pid;
            error_log DIR/error.log warn;
            events { worker_connections 4096; }
            http {
              access_log DIR/access.log;
              client_body_temp_path DIR/body;
              proxy_temp_path DIR/proxy;
              fastcgi_temp_path DIR/fastcgi;
              uwsgi_temp_path DIR/uwsgi;
              scgi_temp_path DIR/scgi;
              client_max_body_size 0;
              keepalive_requests 1000000;
              default_type text/plain;
              server {
                listen 127.0.0.1:PORT;
                location / { return 200 "$request_method $request_uri $http_host\\n"; }
                location /files/ { root DIR; }
                EXTRA
              }
            }
            """;

    private final Path directory;
    private final int port;
    private final ProcessBuilder command;
    private ChildProcess child;

    private NginxOrigin(Path directory, int port, ProcessBuilder command) {
        this.directory = directory;
        this.port = port;
        this.command = command;
        this.child = ChildProcess.start(command);
    }

    /** Starts nginx; without it installed the test fails or is aborted as {@link Peers} says. */
    public static NginxOrigin start() {
        return start("");
    }

    /** Starts nginx with these further directives in its server block; {@code DIR} in them is its directory. */
    public static NginxOrigin start(String extra) {
        Path nginx = Peers.require("nginx");
        try {
            // Readable for the user that the worker becomes when a root user tests.
            Path directory = Files.createTempDirectory(
                    "nginx-origin", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Files.createDirectories(directory.resolve("files"));
            int port = FreePort.next();
            Path configuration = directory.resolve("nginx.conf");
            Files.writeString(
                    configuration,
                    CONFIGURATION
                            .replace("EXTRA", extra)
                            .replace("DIR", directory.toString())
                            .replace("PORT", Integer.toString(port)));
            ProcessBuilder command = new ProcessBuilder(
                    nginx.toString(), "-p", directory.toString(), "-c", configuration.toString(), "-e", "stderr");
            NginxOrigin origin = new NginxOrigin(directory, port, command);
            origin.awaitAccepting();
            return origin;
        } catch (IOException e) {
            throw new UncheckedIOException("start nginx", e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Puts a file where {@code /files/NAME} serves it. */
    public NginxOrigin file(String name, byte[] content) {
        try {
            Files.write(directory.resolve("files").resolve(name), content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process; {@link #restart} brings it back on the same port. */
    public void stop() {
        child.close();
    }

    /** Starts a process that was stopped. */
    public void restart() {
        child = ChildProcess.start(command);
        awaitAccepting();
    }

    /** Has nginx read its configuration again (SIGHUP), which closes its idle connections. */
    public void reload() {
        try {
            new ProcessBuilder("kill", "-HUP", Long.toString(child.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("reload nginx", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while nginx reloads", e);
        }
    }

    /** The lines of the access log so far. */
    public List<String> accessLog() {
        try {
            return Files.readAllLines(directory.resolve("access.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        child.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + directory, e);
        }
    }

    private void awaitAccepting() {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!accepts()) {
            if (!child.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new AssertionError("nginx does not accept on port " + port + "\n" + child.output());
            }
            Thread.onSpinWait();
        }
    }

    private boolean accepts() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
