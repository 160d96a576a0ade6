package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real redis-server on a port of its own: a child of the test, nothing kept on disk unless asked for, its directory
 * temporary. Confined to the thread of the test.
 */
public final class RedisServer implements AutoCloseable {

    private final Path directory;
    private final int port;
    private final ProcessBuilder command;
    private ChildProcess child;
    private String password = "";

    private RedisServer(Path directory, int port, ProcessBuilder command) {
        this.directory = directory;
        this.port = port;
        this.command = command;
        this.child = ChildProcess.start(command);
    }

    /**
     * Starts redis-server; without it installed the test fails or is aborted as {@link Peers} says.
     *
     * @param options such as {@code --requirepass secret} or {@code --appendonly yes}, word by word
     */
    public static RedisServer start(String... options) {
        Path program = Peers.require("redis-server");
        try {
            Path directory = Files.createTempDirectory("redis");
            int port = FreePort.next();
            List<String> words = new ArrayList<>(List.of(
                    program.toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    directory.toString(),
                    "--save",
                    "",
                    "--enable-debug-command",
                    "local"));
            words.addAll(List.of(options));
            RedisServer server = new RedisServer(directory, port, new ProcessBuilder(words));
            int secret = List.of(options).indexOf("--requirepass");
            server.password = secret < 0 ? "" : options[secret + 1];
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("start redis-server", e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Sends one command and returns the raw answer, for instance {@code +OK\r\n}. */
    public String command(String... words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            StringBuilder text = new StringBuilder();
            if (!password.isEmpty()) {
                append(text, "AUTH", password);
            }
            append(text, words);
            append(text, "QUIT");
            socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String rest = password.isEmpty() ? answer : answer.substring(answer.indexOf("\r\n") + 2);
            return rest.endsWith("+OK\r\n") ? rest.substring(0, rest.length() - "+OK\r\n".length()) : rest;
        } catch (IOException e) {
            throw new UncheckedIOException("redis " + String.join(" ", words), e);
        }
    }

    /** Sends one command without waiting for its answer, such as one that keeps the server busy. */
    public void begin(String... words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            StringBuilder text = new StringBuilder();
            append(text, words);
            socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException("redis " + String.join(" ", words), e);
        }
    }

    /** The answer to a command that answers a whole number. */
    public long number(String... words) {
        String answer = command(words);
        if (!answer.startsWith(":")) {
            throw new AssertionError(String.join(" ", words) + ": " + answer.strip() + " (expected: a number)");
        }
        return Long.parseLong(answer.substring(1).strip());
    }

    /** Ends it as a crash would (SIGKILL); {@link #restart} brings it back on the same port. */
    public void kill() {
        child.kill();
    }

    /** Starts a process that was killed; what it had kept on disk, if anything, is there again. */
    public void restart() {
        child = ChildProcess.start(command);
        awaitReady();
    }

    /** Has the process stand still with its connections open (SIGSTOP), until {@link #resume}. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets a process go on that stood still. */
    public void resume() {
        signal("-CONT");
    }

    @Override
    public void close() {
        if (child.isAlive()) {
            // A process that stands still hears nothing else.
            child.kill();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + directory, e);
        }
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder("kill", signal, Long.toString(child.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill " + signal + " " + child.pid() + ": exit code " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill " + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while redis-server is signalled", e);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!answers()) {
            if (!child.isAlive() || System.nanoTime() > deadline) {
                String output = child.output();
                close();
                throw new AssertionError("redis-server does not answer on port " + port + "\n" + output);
            }
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        try {
            return command("PING").equals("+PONG\r\n");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private static void append(StringBuilder text, String... words) {
        text.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$')
                    .append(word.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
    }
}
