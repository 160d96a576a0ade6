package com.esperr.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.exchange.Timeline;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.request.Tier;
import com.esperr.gateway.testkit.Logged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecorderTest {
    @TempDir
    private Path directory;

    private static ExchangeRecord record(RequestContext request, Decision decision) {
        return new ExchangeRecord(
                request,
                "ref",
                "127.0.0.1",
                Requests.NOW,
                new Timeline(0),
                200,
                Outcome.FORWARDED,
                decision,
                true,
                null,
                null,
                null,
                false,
                false,
                0,
                0);
    }

    private static Cause cause(String source, String policy, FailureReason failure) {
        return new Cause(source, policy, policy == null ? null : "first", null, null, failure, null);
    }

    private List<Recorded> recorded(RecordConfig config, ExchangeRecord... records) throws IOException {
        try (Recorder recorder = Recorder.open(config)) {
            for (ExchangeRecord record : records) {
                recorder.finished(record);
            }
        }
        List<Recorded> read = new ArrayList<>();
        LogLines.read(config.file(), (bytes, from, length) -> read.add(RecordedJson.read(bytes, from, length)));
        return read;
    }

    @Test
    void aRequestIsReadAsItWasRecorded() throws IOException {
        RequestContext request = Requests.get("/a%20b?q=secret")
                .with("User-Agent", "curl/8")
                .with("Accept", "text/html")
                .with("Cookie", "sid=abc; other=1")
                .bot(new BotFacts("googlebot", BotFacts.Status.VERIFIED, BotFacts.Method.DNS, true))
                .context();
        RecordConfig config = RecordConfigs.of(
                directory.resolve("r.jsonl"),
                "as-is",
                "request_host",
                "request_header[accept]",
                "cookie[sid]",
                "query_param[none]");
        List<Recorded> read = recorded(config, record(request, new Decision.Block(cause("local", "p", null))));
        assertThat(read).singleElement().satisfies(one -> {
            assertThat(one.atMillis()).isEqualTo(Requests.NOW);
            assertThat(one.path()).isEqualTo("/a%20b");
            assertThat(one.client()).isEqualTo("198.51.100.23");
            assertThat(one.userAgent()).isEqualTo("curl/8");
            assertThat(one.names()).containsExactly("request_host", "request_header[accept]", "cookie[sid]");
            assertThat(one.values().subList(0, 2)).containsExactly("shop.test", "text/html");
            assertThat(one.values().get(2)).hasSize(64).isNotEqualTo("abc");
            assertThat(one.bot().name()).isEqualTo("googlebot");
            assertThat(one.bot().method()).isEqualTo(BotFacts.Method.DNS);
            assertThat(one.said()).isEqualTo(new Recorded.Said(Action.BLOCK, "p", "first"));
        });
        assertThat(Files.readString(config.file())).doesNotContain("secret", "abc");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config.file())))
                .isEqualTo("rw-------");
    }

    /** The file is a pipe that nobody reads for a while, and which has another name when the next one could begin. */
    @Test
    void nobodyWritesToAFileBeforeWhoWroteToItHasLetGoOfIt() throws Exception {
        Path file = directory.resolve("slow");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        RecordConfig config = RecordConfigs.of(file, "as-is");
        ExchangeRecord one = record(Requests.get("/" + "a".repeat(4000)).context(), new Decision.Allow(Cause.DEFAULT));
        try (FileChannel pipe = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Recorder first = Recorder.open(config);
                Recorder next = Recorder.open(config, first)) {
            // More than a pipe holds.
            while (first.waiting() < 40) {
                first.finished(one);
            }
            Files.move(file, directory.resolve("elsewhere"));
            next.finished(one);
            first.leaveTo(next, 1);
            await().during(Duration.ofMillis(300)).until(() -> next.waiting() == 1 && Files.notExists(file));
            ByteBuffer taken = ByteBuffer.allocate(1 << 16);
            Thread reader = new Thread(() -> drain(pipe, taken), "reader");
            reader.setDaemon(true);
            reader.start();
            await().until(() -> next.recorded() == 1);
            assertThat(first.waiting()).isZero();
            assertThat(Files.readAllLines(file)).hasSize(1);
        }
    }

    private static void drain(FileChannel pipe, ByteBuffer taken) {
        try {
            while (pipe.read(taken) >= 0) {
                taken.clear();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Test
    void anAddressCanStayUnknown() throws IOException {
        RequestContext request = Requests.get("/").from("198.51.100.23").context();
        ExchangeRecord record = record(request, new Decision.Allow(Cause.DEFAULT));
        assertThat(recorded(RecordConfigs.of(directory.resolve("a"), "truncate:24"), record)
                        .get(0)
                        .client())
                .isEqualTo("198.51.100.0");
        assertThat(recorded(RecordConfigs.of(directory.resolve("b"), "hash"), record)
                        .get(0)
                        .client())
                .hasSize(64);
        assertThat(recorded(RecordConfigs.of(directory.resolve("c"), "drop"), record)
                        .get(0)
                        .client())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "local, p, , ALLOW, ALLOW",
        "default, , , ALLOW, ALLOW",
        // Who was spared a challenge: the policies wanted it all the same.
        "pass, p, , ALLOW, CHALLENGE",
        "bot, p, , ALLOW, CHALLENGE",
        "pass, , , ALLOW, ",
        "cloud, , , BLOCK, ",
        "failure, , DECISION_TIMEOUT, BLOCK, "
    })
    void whatPoliciesSaidIsToldFromWhatOthersDid(
            String source, String policy, FailureReason failure, Action done, Action said) throws IOException {
        Cause cause = cause(source, policy, failure);
        Decision decision = done == Action.BLOCK ? new Decision.Block(cause) : new Decision.Allow(cause);
        Recorded one = recorded(
                        RecordConfigs.of(directory.resolve("r"), "as-is"),
                        record(Requests.get("/").context(), decision))
                .get(0);
        assertThat(one.said() == null ? null : one.said().action()).isEqualTo(said);
    }

    @Test
    void anExemptRequestIsMarked() throws IOException {
        ExchangeRecord record = record(Requests.get("/").tier(Tier.EXEMPT).context(), new Decision.Allow(Cause.EXEMPT));
        assertThat(recorded(RecordConfigs.of(directory.resolve("r"), "as-is"), record)
                        .get(0)
                        .exempt())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client_ip",
                "observed_at",
                "bot_name",
                "nonsense",
                "request_header[authorization]",
                "request_header[cookie] | truncate:5",
                "cookie[esper_challenge] | as-is",
                "cookie[a] | shred"
            })
    void whatMustNotOrNeedNotBeRecordedIsRefused(String field) {
        assertThatThrownBy(() -> RecordedField.parse(field)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFullFileMakesRoom() throws IOException {
        Path file = directory.resolve("sub").resolve("r.jsonl");
        byte[] line = new byte[100];
        try (RotatingFile rotating = new RotatingFile(file, 1000, 2)) {
            for (int i = 0; i < 45; i++) {
                line[0] = (byte) i;
                rotating.write(line);
            }
        }
        assertThat(Files.readAllBytes(file)).hasSize(500).startsWith(40);
        assertThat(Files.readAllBytes(file.resolveSibling("r.jsonl.1")))
                .hasSize(1000)
                .startsWith(30);
        assertThat(Files.readAllBytes(file.resolveSibling("r.jsonl.2")))
                .hasSize(1000)
                .startsWith(20);
        assertThat(file.resolveSibling("r.jsonl.3")).doesNotExist();
        try (RotatingFile again = new RotatingFile(file, 1000, 0)) {
            for (int i = 0; i < 6; i++) {
                again.write(line);
            }
        }
        assertThat(Files.size(file)).isEqualTo(100);
    }

    @Test
    void whereNothingCanBeWrittenNothingStarts() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "x").resolve("below");
        assertThatThrownBy(() -> Recorder.open(RecordConfigs.of(blocked, "as-is")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("record.file: ");
        assertThat(Recorder.open(RecordConfigs.of(null, "as-is"))).isNull();
    }

    @Test
    void whatAFullDiskDoesNotTakeIsDroppedAndSaidOnce() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        ExchangeRecord record = record(Requests.get("/").context(), new Decision.Allow(Cause.DEFAULT));
        try (Logged log = Logged.below(Recorder.class.getName());
                Recorder recorder = Recorder.open(RecordConfigs.of(full, "as-is"))) {
            for (int i = 1; i <= 3; i++) {
                recorder.finished(record);
                long dropped = i;
                await().atMost(Duration.ofSeconds(30)).until(() -> recorder.dropped() == dropped);
            }
            assertThat(recorder.recorded()).isZero();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN record.file cannot be written, requests are not recorded: ");
        }
    }

    @Test
    void aLineIsCountedWhenTheSystemHasTakenIt() throws IOException {
        try (RotatingFile file = new RotatingFile(directory.resolve("r"), 1 << 20, 1)) {
            file.write(new byte[10]);
            assertThat(file.written()).isZero();
            file.write(new byte[100_000]);
            assertThat(file.written()).isEqualTo(2);
            file.write(new byte[10]);
            file.flush();
            assertThat(file.written()).isEqualTo(3);
        }
    }
}
