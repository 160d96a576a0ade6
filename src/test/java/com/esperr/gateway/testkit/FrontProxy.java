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
import java.util.Map;
import java.util.stream.Stream;

/**
 * A proxy of the system that asks the gateway about its requests, with the files of {@code docker/} as they are, but for the
 * addresses in them. A child of the test, in the foreground.
 */
public final class FrontProxy implements AutoCloseable {
    private static final String NGINX = """
            daemon off;
            worker_processes 1;
            pid DIR/nginx.pid;
            error_log DIR/error.log warn;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path DIR/body;
              proxy_temp_path DIR/proxy;
              fastcgi_temp_path DIR/fastcgi;
              uwsgi_temp_path DIR/uwsgi;
              scgi_temp_path DIR/scgi;
              include DIR/esper.conf;
            }
            """;

    private final Path directory;
    private final int port;
    private final ChildProcess child;

    private FrontProxy(Path directory, int port, ChildProcess child) {
        this.directory = directory;
        this.port = port;
        this.child = child;
    }

    /** nginx with {@code docker/nginx/esper.conf}; {@code edits} are replaced in it, to show what its comments offer. */
    public static FrontProxy nginx(int gateway, int application, Map<String, String> edits) {
        return start(Peers.require("nginx"), gateway, application, edits, (program, directory, port) -> {
            Files.writeString(directory.resolve("nginx.conf"), NGINX.replace("DIR", directory.toString()));
            return List.of(program, "-p", directory.toString(), "-c", directory + "/nginx.conf", "-e", "stderr");
        });
    }

    /** Caddy with {@code docker/caddy/Caddyfile}. */
    public static FrontProxy caddy(int gateway, int application, Map<String, String> edits) {
        return start(Peers.require("caddy"), gateway, application, edits, (program, directory, port) -> {
            Path file = directory.resolve("Caddyfile");
            Files.writeString(file, "{\n\tadmin off\n\tauto_https off\n}\n" + Files.readString(file));
            return List.of(program, "run", "--adapter", "caddyfile", "--config", file.toString());
        });
    }

    /** HAProxy with {@code docker/haproxy/haproxy.cfg} and the script beside it. */
    public static FrontProxy haproxy(int gateway, int application, Map<String, String> edits) {
        return start(Peers.require("haproxy"), gateway, application, edits, (program, directory, port) -> {
            Path file = directory.resolve("haproxy.cfg");
            Files.writeString(file, Files.readString(file).replace("docker/haproxy/", directory + "/"));
            return List.of(program, "-db", "-f", file.toString());
        });
    }

    private interface Command {
        List<String> of(String program, Path directory, int port) throws IOException;
    }

    private static FrontProxy start(
            Path program, int gateway, int application, Map<String, String> edits, Command command) {
        try {
            // Readable for the user that a worker becomes when a root user tests.
            Path directory = Files.createTempDirectory(
                    "front-proxy", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            int port = FreePort.next();
            Path files = Path.of("docker", program.getFileName().toString());
            try (Stream<Path> all = Files.list(files)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String text = substituted(Files.readString(file), port, gateway, application);
                    for (Map.Entry<String, String> edit : edits.entrySet()) {
                        text = text.replace(edit.getKey(), edit.getValue());
                    }
                    Files.writeString(directory.resolve(file.getFileName()), text);
                }
            }
            ProcessBuilder builder = new ProcessBuilder(command.of(program.toString(), directory, port));
            builder.environment().put("XDG_DATA_HOME", directory.toString());
            builder.environment().put("XDG_CONFIG_HOME", directory.toString());
            FrontProxy proxy = new FrontProxy(directory, port, ChildProcess.start(builder));
            proxy.awaitAccepting();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("start " + program, e);
        }
    }

    private static String substituted(String text, int port, int gateway, int application) {
        return text.replace("127.0.0.1:8082", "127.0.0.1:" + gateway)
                .replace("127.0.0.1:3000", "127.0.0.1:" + application)
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                .replace("bind :80\n", "bind 127.0.0.1:" + port + "\n")
                .replace("\n:80 {", "\nhttp://:" + port + " {\n\tbind 127.0.0.1");
    }

    /** The port that visitors connect to. */
    public int port() {
        return port;
    }

    /** What it has printed. */
    public List<String> lines() {
        return child.lines();
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
        long start = System.nanoTime();
        while (!accepts()) {
            if (!child.isAlive() || System.nanoTime() - start > 30_000_000_000L) {
                List<String> said = child.lines();
                close();
                throw new AssertionError("no connection on port " + port + "\n" + String.join("\n", said));
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
