package com.esperr.gateway.bots;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReverseDnsTest {
    private final VirtualTime time = new VirtualTime();
    private final ScriptedNames names = new ScriptedNames();
    private final BotCounts counts = new BotCounts();

    private ReverseDns dns(int perSecond, int concurrency, int maxEntries) {
        DnsConfig config = new DnsConfig(
                true,
                List.of(),
                Duration.ofSeconds(2),
                perSecond,
                concurrency,
                maxEntries,
                Duration.ofHours(12),
                Duration.ofHours(1),
                Duration.ofMinutes(1));
        return new ReverseDns(config, names, name -> name.endsWith(".bot.test"), counts, time::nanos);
    }

    private static ReverseDns.State look(ReverseDns dns, String address) {
        return dns.look(IpAddress.parse(address)).state();
    }

    private void good(String address, long seconds) {
        names.pointer(address, seconds, "h.bot.test").addresses("h.bot.test", seconds, address);
    }

    @Test
    void anAddressIsLookedUpOnceHoweverManyWait() {
        good("192.0.2.1", 3600);
        ReverseDns dns = dns(1000, 100, 1000);
        for (int i = 0; i < 50; i++) {
            assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.PENDING);
        }
        names.answer();
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.CONFIRMED);
        assertThat(names.questions).containsExactly("192.0.2.1", "h.bot.test");
    }

    @Test
    void aNameCountsAsLongAsTheServersSay() {
        good("192.0.2.1", 600);
        ReverseDns dns = dns(1000, 100, 1000);
        look(dns, "192.0.2.1");
        names.answer();
        time.pass(Duration.ofSeconds(599));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.CONFIRMED);
        time.pass(Duration.ofSeconds(2));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.PENDING);
    }

    @Test
    void nobodyMakesUsAskAtEveryRequestOrKeepAnswersForEver() {
        good("192.0.2.1", 0);
        ReverseDns dns = dns(1000, 100, 1000);
        look(dns, "192.0.2.1");
        names.answer();
        time.pass(Duration.ofSeconds(59));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.CONFIRMED);
        good("192.0.2.1", Integer.MAX_VALUE);
        time.pass(Duration.ofSeconds(2));
        look(dns, "192.0.2.1");
        names.answer();
        time.pass(Duration.ofHours(11));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.CONFIRMED);
        time.pass(Duration.ofHours(2));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.PENDING);
    }

    @Test
    void thatThereIsNoneIsKeptToo() {
        ReverseDns dns = dns(1000, 100, 1000);
        look(dns, "192.0.2.1");
        names.answer();
        time.pass(Duration.ofMinutes(59));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.DENIED);
        assertThat(names.questions).hasSize(1);
        time.pass(Duration.ofMinutes(2));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.PENDING);
    }

    @Test
    void onlySoManyAreLookedUpASecond() {
        ReverseDns dns = dns(10, 10_000, 10_000);
        for (int i = 0; i < 100; i++) {
            look(dns, "192.0.2." + i);
        }
        assertThat(names.questions).hasSize(10);
        assertThat(counts.lookups(BotCounts.Lookup.DROPPED)).isEqualTo(90);
        assertThat(look(dns, "198.51.100.1")).isEqualTo(ReverseDns.State.UNKNOWN);
        time.pass(Duration.ofMillis(101));
        assertThat(look(dns, "198.51.100.1")).isEqualTo(ReverseDns.State.PENDING);
        time.pass(Duration.ofHours(1));
        for (int i = 0; i < 100; i++) {
            look(dns, "203.0.113." + i);
        }
        assertThat(names.questions).hasSize(21);
    }

    @Test
    void onlySoManyAreLookedUpAtOnce() {
        ReverseDns dns = dns(1000, 3, 1000);
        for (int i = 0; i < 10; i++) {
            look(dns, "192.0.2." + i);
        }
        assertThat(names.questions).hasSize(3);
        names.answer();
        assertThat(look(dns, "192.0.2.9")).isEqualTo(ReverseDns.State.PENDING);
    }

    @Test
    void thoseThatNeverEndDoNotKeepOthersOutForEver() {
        ReverseDns dns = dns(1000, 3, 1000);
        for (int i = 0; i < 10; i++) {
            look(dns, "192.0.2." + i);
        }
        time.pass(Duration.ofSeconds(31));
        assertThat(look(dns, "198.51.100.1")).isEqualTo(ReverseDns.State.UNKNOWN);
        time.pass(Duration.ofSeconds(2));
        assertThat(look(dns, "198.51.100.1")).isEqualTo(ReverseDns.State.PENDING);
        // What comes after all is still heard, and makes no room a second time.
        names.answer();
        for (int i = 0; i < 10; i++) {
            look(dns, "203.0.113." + i);
        }
        assertThat(names.questions).hasSize(7);
    }

    @Test
    void oneThatCannotBeginHasFailed() {
        ReverseDns dns = dns(1000, 3, 1000);
        names.refusing(true);
        for (int i = 0; i < 10; i++) {
            assertThat(look(dns, "192.0.2." + i)).isEqualTo(ReverseDns.State.UNKNOWN);
        }
        assertThat(counts.lookups(BotCounts.Lookup.FAILED)).isEqualTo(10);
        names.refusing(false);
        assertThat(look(dns, "198.51.100.1")).isEqualTo(ReverseDns.State.PENDING);
        time.pass(Duration.ofMinutes(2));
        assertThat(look(dns, "192.0.2.1")).isEqualTo(ReverseDns.State.PENDING);
    }

    @Test
    void onlySoManyAreKept() {
        ReverseDns dns = dns(10_000, 10_000, 100);
        for (int i = 0; i < 5000; i++) {
            look(dns, "198.18." + i / 250 + "." + i % 250);
            names.answer();
        }
        assertThat(dns.size()).isLessThanOrEqualTo(100);
    }

    @Test
    void aLookUpThatNeverEndsIsBegunAnew() {
        ReverseDns dns = dns(1000, 100, 1000);
        look(dns, "192.0.2.1");
        time.pass(Duration.ofSeconds(33));
        look(dns, "192.0.2.1");
        assertThat(names.questions).hasSize(2);
    }
}
