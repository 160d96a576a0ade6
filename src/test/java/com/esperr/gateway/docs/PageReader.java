package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.esperr.gateway.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Somebody who does what a page says, in a directory of his own that looks like this repository: writes its files, gives its commands to
 * a shell, and leaves what runs until told otherwise (a gateway, a line that ends with {@code &}) running until he is closed. Not
 * thread-safe.
 */
final class PageReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern SERVICE = Pattern.compile(
            "(?:java -jar target/esper-gateway\\.jar|docker/esper-gateway) (capture run|run|exec|demo|server)\\b");
    private static final Pattern CONFIG = Pattern.compile("--config[ =](\\S+)");
    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?:export )?([A-Za-z_]\\w*)=(?:\\$\\(.*\\)|\"[^\"]*\"|'[^']*'|[^\\s\"'$]\\S*)");
    private static final Pattern PROGRAM = Pattern.compile("^(?:[A-Za-z_]\\w*=[^\\s$]* )*([\\w.-]+)(?: |$)");
    private static final List<String> BUILD = List.of("mvn -q -DskipTests package", "mvn -q verify");
    private static final int CURL_REFUSED = 7;

    private final Path root;
    private final PagePorts ports;
    private final Map<String, String> variables = new HashMap<>();
    private final List<String> written = new ArrayList<>();
    private final List<Process> running = new ArrayList<>();
    private final List<Path> links = new ArrayList<>();
    private Path directory;

    /** A reader with an empty directory and an application on a port. */
    PageReader(Path root, int application) throws IOException {
        this.root = root;
        directory = root;
        ports = new PagePorts(application);
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        variables.put("PATH", java + ":" + System.getenv("PATH") + ":/usr/sbin:/sbin");
        variables.put("USER", "ops");
        try (Stream<Path> here = Files.list(Path.of("").toAbsolutePath())) {
            for (Path file : here.filter(PageReader::belongs).toList()) {
                links.add(Files.createSymbolicLink(root.resolve(file.getFileName()), file));
            }
        }
    }

    /** What a run leaves, and what is hidden, is not part of the repository. */
    private static boolean belongs(Path file) {
        return !file.endsWith("data") && !file.getFileName().toString().startsWith(".");
    }

    /** Does everything that the page says. */
    void follow(String name, String text) throws IOException, InterruptedException {
        for (Page.Step step : Page.of(name, ports.in(text)).steps()) {
            if (step instanceof Page.Write write) {
                Path file = directory.resolve(write.file());
                Files.createDirectories(file.getParent());
                Files.writeString(file, write.text());
                written.add(write.file());
            } else if (step instanceof Page.Command command) {
                give(name, command);
            }
        }
    }

    private void give(String page, Page.Command command) throws IOException, InterruptedException {
        String line = command.line();
        Matcher service = SERVICE.matcher(line);
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (BUILD.contains(line)) {
            return;
        }
        requireProgram(line);
        if (line.startsWith("cd ")) {
            directory = directory.resolve(line.substring(3)).normalize();
        } else if (assignment.matches()) {
            String name = assignment.group(1);
            variables.put(name, end(page, line + "; printf %s \"$" + name + "\""));
        } else if (service.find()) {
            String options = options(service.group(1), line);
            begin(page, line.substring(0, service.end()) + options + line.substring(service.end()), true);
        } else if (line.endsWith("&")) {
            begin(page, line.substring(0, line.length() - 1), false);
        } else {
            compare(page + ": " + line, end(page, line), command.output());
        }
    }

    /** A program that is not here is a peer that this page needs. */
    private void requireProgram(String line) throws IOException, InterruptedException {
        Matcher program = PROGRAM.matcher(line);
        if (program.find()
                && start("command -v " + program.group(1), root.resolve("found"))
                                .waitFor()
                        != 0) {
            Peers.require(program.group(1));
        }
    }

    /** The addresses that the page does not name, where it relies on the defaults. */
    private String options(String command, String line) {
        Matcher config = CONFIG.matcher(line);
        if (config.find() && written.contains(config.group(1))) {
            return "";
        }
        String options = line.contains("--admin") ? "" : " --admin 127.0.0.1:" + ports.of("9901");
        if (command.equals("server")) {
            return options + " --set server.address=127.0.0.1:" + ports.of("8081");
        }
        boolean told = line.contains("--listen") || line.contains("PORT=") || line.contains("ESPER_LISTEN=");
        return told ? options : options + " --listen 127.0.0.1:" + ports.of("8080");
    }

    private void begin(String page, String line, boolean gateway) throws IOException {
        Path output = root.resolve("output-" + running.size());
        Process process = start(line, output);
        running.add(process);
        if (gateway) {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                if (!process.isAlive()) {
                    fail(page + ": " + line + " has ended\n" + Files.readString(output));
                }
                return Files.readString(output).contains("listening on ");
            });
        }
    }

    private String end(String page, String line) throws IOException, InterruptedException {
        Path output = root.resolve("output");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int status;
        do {
            Process process = start(line, output);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                stop(process);
                fail(page + ": " + line + " does not end\n" + Files.readString(output));
            }
            status = process.exitValue();
            // What was begun before it may not be listening yet.
        } while (status == CURL_REFUSED && line.startsWith("curl ") && System.nanoTime() < deadline);
        assertThat(status)
                .as(page + ": " + line + "\n" + Files.readString(output))
                .isZero();
        return Files.readString(output);
    }

    private Process start(String line, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line);
        builder.environment().keySet().removeIf(name -> name.startsWith("ESPER_") || name.equals("PORT"));
        builder.environment().putAll(variables);
        return builder.directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Each line told is in one that was printed, in their order; {@code …} stands for anything. */
    private static void compare(String what, String printed, List<String> told) {
        String pattern = told.stream()
                .map(line -> Stream.of(line.strip().split("…", -1))
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + ".*?" + b))
                .map(line -> line.orElse("") + ".*?")
                .reduce("(?s).*?", String::concat);
        assertThat(printed).as(what).matches(pattern + ".*");
    }

    private static void stop(Process process) throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            all.forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process process : running) {
            stop(process);
        }
        for (Path link : links) {
            Files.delete(link);
        }
    }
}
