package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.testkit.TestDns;
import com.esperr.gateway.transport.NameService.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsClientIT {
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.NIO, 1));
    private final TestDns dns = TestDns.start();
    private final DnsClient client =
            new DnsClient(List.of(HostPort.parse(dns.authority())), Duration.ofMillis(300), loops);

    @AfterEach
    void stop() {
        client.close();
        loops.close();
        dns.close();
    }

    private static Answer await(Consumer<Consumer<Answer>> question) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        question.accept(answer::complete);
        return answer.get(30, TimeUnit.SECONDS);
    }

    private Answer names(String address) throws Exception {
        return await(sink -> client.names(IpAddress.parse(address), sink));
    }

    private Answer addresses(String name, boolean ipv6) throws Exception {
        return await(sink -> client.addresses(name, ipv6, sink));
    }

    @Test
    void anAddressHasTheNamesThatItsOwnerGivesIt() throws Exception {
        dns.pointer("192.0.2.7", 120, "Crawl-7.Bot.Example", "other.example");
        assertThat(names("192.0.2.7"))
                .isEqualTo(new Answer.Found(List.of("crawl-7.bot.example", "other.example"), 120));
        assertThat(dns.questions()).containsExactly("PTR 7.2.0.192.in-addr.arpa");
    }

    @Test
    void anAddressOfVersionSixIsAskedForByItsDigits() throws Exception {
        dns.pointer("2001:db8::17", 60, "six.bot.example");
        assertThat(names("2001:db8::17")).isEqualTo(new Answer.Found(List.of("six.bot.example"), 60));
    }

    @Test
    void aNameHasItsAddressesOfTheFamilyAskedFor() throws Exception {
        dns.addresses("a.bot.example", 30, "192.0.2.7", "192.0.2.8").addresses("b.bot.example", 30, "2001:db8::17");
        assertThat(addresses("a.bot.example", false))
                .isEqualTo(new Answer.Found(List.of("192.0.2.7", "192.0.2.8"), 30));
        assertThat(addresses("b.bot.example", true)).isEqualTo(new Answer.Found(List.of("2001:db8::17"), 30));
    }

    @Test
    void whatDoesNotExistIsAnAnswer() throws Exception {
        assertThat(names("192.0.2.9")).isEqualTo(new Answer.Found(List.of(), 300));
        assertThat(addresses("none.example", false)).isEqualTo(new Answer.Found(List.of(), 300));
    }

    @Test
    void aServerThatSaysNothingIsAskedTwiceAndThenNobodyKnows() throws Exception {
        dns.silentAbout("192.0.2.10");
        assertThat(names("192.0.2.10")).isInstanceOf(Answer.Failed.class);
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void aServerThatCannotAnswerHasNotAnswered() throws Exception {
        dns.broken("192.0.2.11");
        assertThat(names("192.0.2.11")).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void anAnswerUnderAnotherNumberIsNobodys() throws Exception {
        dns.forgedFirst("192.0.2.12", "crawl.googlebot.com", "host.example");
        assertThat(names("192.0.2.12")).isEqualTo(new Answer.Found(List.of("host.example"), 300));
    }

    @Test
    void whoIsClosedAsksNobody() throws Exception {
        client.close();
        assertThat(names("192.0.2.13")).isEqualTo(new Answer.Failed("closed"));
        assertThat(dns.questions()).isEmpty();
    }
}
