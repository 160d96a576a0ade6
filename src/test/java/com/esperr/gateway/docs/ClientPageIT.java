package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.TestEsper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that {@code docs/client.md} shows to application developers, compiled and run by the very command below it. */
class ClientPageIT {
    private static final Document PAGE = Document.read("docs/client.md");
    private static final String FILE = "Example.java";

    private final TestEsper esper = TestEsper.start();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        esper.close();
    }

    /** The command that runs it, which is the only one. */
    private static String command() {
        PageSteps steps = PageSteps.of("client.md");
        String command = steps.take("java -cp ");
        steps.done();
        return command;
    }

    @Test
    void itServesBlocksAndChallengesAsEsperSays() throws Exception {
        assertThat(run()).containsExactly("serve it", "Esper knows it as item-1", "calls: 2");
        esper.answer(EsperReply.block("too many"));
        assertThat(run()).startsWith("answer 403: too many");
        esper.answer(EsperReply.challenge("https://shop.example/challenge"));
        assertThat(run()).startsWith("redirect to https://shop.example/challenge");
        assertThat(esper.violations()).isEmpty();
        assertThat(esper.calls()).extracting(EsperCall::path).hasSize(6);
    }

    @Test
    void aFailureIsItsOwnBranch() throws Exception {
        esper.answer(EsperReply.status(500));
        assertThat(run()).containsExactly("no answer: API", "calls: 1");
    }

    private List<String> run() throws IOException, InterruptedException {
        String example = PAGE.blocks("java").get(0);
        assertThat(example).contains("Duration.ofSeconds(2)", "Duration.ofSeconds(3)");
        // How busy the machine is that runs the test must not decide.
        String patient = example.replaceAll("ofSeconds\\([23]\\)", "ofMinutes(1)");
        Path source = Files.writeString(directory.resolve(FILE), patient);
        String[] command = command().replace(FILE, source.toString()).split(" ");
        command[0] = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ESPER_API_KEY", TestEsper.API_KEY);
        builder.environment().put("ESPER_API_URL", esper.url());
        Process process = builder.redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
