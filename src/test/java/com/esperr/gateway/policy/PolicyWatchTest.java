package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.esperr.gateway.policy.PolicyWatch.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of changed files; looks are made by hand. */
class PolicyWatchTest {
    private static final String BLOCK = "policies = [ { policy_id = %s, clauses = [ { mitigation = block } ] } ]\n";

    @TempDir
    Path directory;

    private final List<String> inForce = new ArrayList<>();
    private boolean recorded = true;
    private int loads;
    private Path policies;
    private PolicyWatch watch;

    @BeforeEach
    void begin() throws IOException {
        policies = Files.createDirectory(directory.resolve("policies"));
        write("a.conf", BLOCK.formatted("first"));
        watch = watch(policies);
    }

    private PolicyWatch watch(Path path) {
        PolicyConfig config = new PolicyConfig(
                List.of(path),
                Map.of(),
                Duration.ofSeconds(5),
                1,
                1,
                null,
                new PolicyConfig.Bodies(1, 1, Duration.ofSeconds(1)));
        return new PolicyWatch(
                config,
                () -> {
                    loads++;
                    return PolicyLoader.load(config);
                },
                next -> {
                    if (recorded) {
                        inForce.addAll(next.policies().ids());
                    }
                    return recorded;
                });
    }

    private void write(String name, String text) {
        Sample.write(policies, name, text);
    }

    private Look settled() {
        assertThat(watch.look()).isEqualTo(Look.CHANGING);
        return watch.look();
    }

    @Test
    void nothingIsReadWhileNothingChanges() {
        assertThat(watch.look()).isEqualTo(Look.SAME);
        assertThat(watch.look()).isEqualTo(Look.SAME);
        assertThat(loads).isZero();
    }

    @Test
    void soundPoliciesComeIntoForceWhenTwoLooksSeeTheSame() {
        write("a.conf", BLOCK.formatted("second"));
        assertThat(watch.look()).isEqualTo(Look.CHANGING);
        write("a.conf", BLOCK.formatted("third-one"));
        assertThat(watch.look()).isEqualTo(Look.CHANGING);
        assertThat(loads).isZero();
        assertThat(watch.look()).isEqualTo(Look.SWAPPED);
        assertThat(inForce).containsExactly("third-one");
        assertThat(watch.look()).isEqualTo(Look.SAME);
        assertThat(watch.swapped()).isEqualTo(1);
    }

    @Test
    void filesThatComeAndGoAreChanges() throws IOException {
        write("b.conf", BLOCK.formatted("more"));
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        Files.delete(policies.resolve("a.conf"));
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        assertThat(inForce).containsExactly("first", "more", "more");
        write("notes.txt", "not a policy file");
        assertThat(watch.look()).isEqualTo(Look.SAME);
    }

    @Test
    void whatIsOnlyTouchedIsNotLoadedAgain() throws IOException {
        Files.setLastModifiedTime(policies.resolve("a.conf"), FileTime.fromMillis(1_000));
        assertThat(settled()).isEqualTo(Look.SAME);
        assertThat(loads).isZero();
    }

    @Test
    void brokenPoliciesAreRefusedOncePerContentAndSoundOnesHeal() {
        write("a.conf", "policies = [ { policy_id = p");
        assertThat(settled()).isEqualTo(Look.REFUSED);
        assertThat(watch.trouble()).contains("a.conf:1");
        assertThat(watch.look()).isEqualTo(Look.SAME);
        assertThat(loads).isEqualTo(1);
        write("a.conf", BLOCK.formatted("healed"));
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        assertThat(watch.trouble()).isNull();
        assertThat(inForce).containsExactly("healed");
        assertThat(watch.refused()).isEqualTo(1);
    }

    @Test
    void whatHasNoEndIsRefusedAndNotRead() throws IOException {
        Path endless = Path.of("/dev/zero");
        assumeTrue(Files.exists(endless), "there are no devices among the files here");
        Path file = policies.resolve("a.conf");
        PolicyWatch one = watch(file);
        Files.delete(file);
        Files.createSymbolicLink(file, endless);
        assertThat(one.look()).isEqualTo(Look.CHANGING);
        assertThat(one.look()).isEqualTo(Look.REFUSED);
        assertThat(one.trouble()).contains("a.conf, not a file");
        assertThat(loads).isZero();
    }

    @Test
    void aFailingTestKeepsThePoliciesBefore() {
        write("a.conf", BLOCK.formatted("p") + "tests = [ { request {}, expect { action = allow } } ]");
        assertThat(settled()).isEqualTo(Look.REFUSED);
        assertThat(watch.trouble()).contains("block by policy p, clause clause 1 (expected: allow)");
        assertThat(inForce).isEmpty();
    }

    @Test
    void aDirectoryThatIsEmptiedOrGoneKeepsThePoliciesBefore() throws IOException {
        Files.delete(policies.resolve("a.conf"));
        assertThat(settled()).isEqualTo(Look.REFUSED);
        assertThat(watch.trouble()).contains("no policy files");
        Files.delete(policies);
        assertThat(settled()).isEqualTo(Look.REFUSED);
        Files.createDirectory(policies);
        write("a.conf", BLOCK.formatted("back"));
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        assertThat(inForce).containsExactly("back");
    }

    @Test
    void anEmptyFileMeansNoPolicies() {
        write("a.conf", "");
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        assertThat(inForce).isEmpty();
    }

    @Test
    void aFileThatIsReplacedByAnotherOfTheSameSizeAndTimeIsAChange() throws IOException {
        FileTime time = Files.getLastModifiedTime(policies.resolve("a.conf"));
        Path other = Sample.write(directory, "other", BLOCK.formatted("fifth"));
        Files.setLastModifiedTime(other, time);
        Files.move(other, policies.resolve("a.conf"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        assertThat(inForce).containsExactly("fifth");
    }

    @Test
    void whatCouldNotBeRecordedIsTriedAgain() {
        recorded = false;
        write("a.conf", BLOCK.formatted("later"));
        assertThat(settled()).isEqualTo(Look.REFUSED);
        recorded = true;
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        assertThat(inForce).containsExactly("later");
    }

    @Test
    void aSingleFileIsWatchedToo() {
        watch = watch(policies.resolve("a.conf"));
        write("a.conf", BLOCK.formatted("single"));
        assertThat(settled()).isEqualTo(Look.SWAPPED);
        assertThat(inForce).containsExactly("single");
    }

    @Test
    void countsOfPoliciesAreBoundedAndToldOnce() {
        PolicyResults results = new PolicyResults();
        List<String> told = new ArrayList<>();
        PolicyCounts first = results.of("p0");
        results.follow((policy, counts) -> told.add(policy));
        for (int i = 0; i < 3000; i++) {
            results.of("p" + i);
        }
        assertThat(told).hasSize(1001).startsWith("p0", "p1").endsWith(PolicyResults.OTHER);
        assertThat(results.of("p0")).isSameAs(first);
        assertThat(results.of("p2999")).isSameAs(results.of("p2998"));
    }
}
