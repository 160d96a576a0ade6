package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountryDatabaseTest {
    private static final String POLICY =
            "policies = [ { policy_id = p, clauses = [ { mitigation = block, match { field = client_ip,"
                    + " operator = %s, value = [ de, FR ] } } ] } ]";

    @TempDir
    Path directory;

    private Path database() throws IOException {
        return new MmdbWriter()
                .country("192.0.2.0/24", "DE")
                .country("198.51.100.0/25", "FR")
                .country("2001:db8:1::/48", "DE")
                .with("203.0.113.0/26", Map.of("country_code", "US", "country", "United States"))
                .with("203.0.113.64/26", Map.of("country", "GB"))
                .with("203.0.113.128/26", Map.of("country", Map.of("names", "no code")))
                .write(directory.resolve("countries.mmdb"));
    }

    private LoadedPolicies load(String text, @Nullable Path database) {
        return PolicyLoader.load(new PolicyConfig(
                List.of(Sample.write(directory, "policies.conf", text)),
                Map.of(),
                Duration.ZERO,
                1,
                1,
                database,
                new PolicyConfig.Bodies(1, 1, Duration.ZERO)));
    }

    @Test
    void knowsBothKindsOfAddressesAndTheUsualRecords() throws IOException {
        Countries countries = CountryDatabase.open(database());
        assertThat(List.of("192.0.2.7", "198.51.100.1", "2001:db8:1::5", "203.0.113.1", "203.0.113.65"))
                .extracting(address -> countries.countryOf(IpAddress.parse(address)))
                .containsExactly("DE", "FR", "DE", "US", "GB");
        assertThat(List.of("198.51.100.200", "203.0.113.130", "2001:db8:2::5", "10.0.0.1"))
                .allSatisfy(address -> assertThat(countries.countryOf(IpAddress.parse(address)))
                        .isNull());
    }

    @Test
    void decidesByTheVisitorsCountry() throws IOException {
        PolicyEngine in =
                Sample.engine(load(POLICY.formatted("in_country"), database()).policies());
        PolicyEngine notIn = Sample.engine(
                load(POLICY.formatted("not_in_country"), database()).policies());
        assertThat(Sample.get("/").from("192.0.2.7").ask(in).word()).isEqualTo("block");
        assertThat(Sample.get("/").from("192.0.2.7").ask(notIn).word()).isEqualTo("abstained");
        for (String elsewhere : List.of("203.0.113.1", "10.0.0.1", "2001:db8:2::5")) {
            assertThat(Sample.get("/").from(elsewhere).ask(in).word()).isEqualTo("abstained");
            assertThat(Sample.get("/").from(elsewhere).ask(notIn).word()).isEqualTo("block");
        }
    }

    /** Who looks up a decision by its hash must not be told of a database that was not asked. */
    @Test
    void theHashTellsOneDatabaseFromAnotherWhereCountriesAreAskedFor() throws IOException {
        Path one = database();
        Path same = Files.copy(one, directory.resolve("copy.mmdb"));
        Path other = new MmdbWriter().country("192.0.2.0/24", "FR").write(directory.resolve("other.mmdb"));
        String asking = POLICY.formatted("in_country");
        assertThat(load(asking, same).policies().hash())
                .isEqualTo(load(asking, one).policies().hash())
                .isNotEqualTo(load(asking, other).policies().hash());
        String indifferent = "policies = [ { policy_id = p, clauses = [ { mitigation = block } ] } ]";
        assertThat(load(indifferent, other).policies().hash())
                .isEqualTo(load(indifferent, one).policies().hash());
    }

    /** Nobody has to touch a policy when the database is renewed, and the one in use may be overwritten. */
    @Test
    void aReplacedFileComesIntoForce() throws IOException {
        Path database = database();
        Path policies = Sample.write(directory, "policies.conf", POLICY.formatted("in_country"));
        PolicyConfig config = new PolicyConfig(
                List.of(policies),
                Map.of(),
                Duration.ofSeconds(5),
                1,
                1,
                database,
                new PolicyConfig.Bodies(1, 1, Duration.ZERO));
        PolicyEngine engine = Sample.engine(PolicyLoader.load(config).policies());
        PolicyWatch watch = new PolicyWatch(config, () -> PolicyLoader.load(config), next -> {
            engine.swap(next.policies());
            return true;
        });
        new MmdbWriter().country("203.0.113.0/24", "DE").write(database);
        assertThat(Sample.get("/").from("192.0.2.7").ask(engine).word()).isEqualTo("block");
        watch.look();
        watch.look();
        assertThat(Sample.get("/").from("192.0.2.7").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/").from("203.0.113.7").ask(engine).word()).isEqualTo("block");
        Files.writeString(database, "half a file");
        watch.look();
        watch.look();
        assertThat(watch.refused()).isEqualTo(1);
        assertThat(Sample.get("/").from("203.0.113.7").ask(engine).word()).isEqualTo("block");
    }

    @Test
    void isNeededIfAPolicyAsksForCountries() {
        String missing =
                "policies: policies.country-database: missing (expected: a MaxMind DB file, because a policy asks"
                        + " for a country)";
        assertThat(Sample.lines(load(POLICY.formatted("in_country"), null), directory))
                .containsExactly(missing);
        String cel = "policies = [ { policy_id = p, clauses = [ { mitigation = block,"
                + " match { cel = \"in_country(client_ip, 'DE')\" } } ] } ]";
        assertThat(Sample.lines(load(cel, null), directory)).containsExactly(missing);
        assertThat(load("policies = []", null).problems()).isEmpty();
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path text = Files.writeString(directory.resolve("text.mmdb"), "countries\n".repeat(100));
        Path empty = Files.createFile(directory.resolve("empty.mmdb"));
        Path systems = new MmdbWriter()
                .with("192.0.2.0/24", Map.of("autonomous_system_number", 64_496))
                .write(directory.resolve("asn.mmdb"));
        assertThat(Sample.lines(load("policies = []", text), directory))
                .containsExactly("policies: policies.country-database: text.mmdb, not a MaxMind DB file (expected: a"
                        + " MaxMind DB file with countries)");
        assertThatThrownBy(() -> CountryDatabase.open(empty)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> CountryDatabase.open(directory.resolve("none")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> CountryDatabase.open(systems)).hasMessageContaining("other things than countries");
    }

    /** Whatever stands in a file, it is refused or answers. */
    @Test
    void damagedFilesDoNotThrowWhenAsked() throws IOException {
        byte[] sound = Files.readAllBytes(database());
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = sound.clone();
            for (int j = 0; j < 3; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(directory.resolve("damaged.mmdb"), damaged);
            Countries countries;
            try {
                countries = CountryDatabase.open(file);
            } catch (IOException refused) {
                continue;
            }
            countries.countryOf(IpAddress.parse("192.0.2.7"));
            countries.countryOf(IpAddress.parse("2001:db8:1::5"));
        }
    }
}
