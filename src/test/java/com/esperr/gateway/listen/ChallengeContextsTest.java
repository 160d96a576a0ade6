package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.acme.Asked;
import com.esperr.gateway.acme.ChallengeAnswers;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.tls.ClientHello;
import com.esperr.gateway.tls.Hellos;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An order for two names: the authority looks at both, several times, from several places, and in any order. */
class ChallengeContextsTest {
    private final X509Bundle authority = Certificates.authority();
    private final ChallengeAnswers answers = new ChallengeAnswers();
    private final ChallengeContexts contexts = new ChallengeContexts(answers);

    @BeforeEach
    void order() {
        Asked.show(answers, "a.test", Certificates.issued(authority, "a.test"));
        Asked.show(answers, "b.test", Certificates.issued(authority, "b.test"));
    }

    @Test
    void eachNameHasItsOwnContextWhichIsMadeOnce() {
        SslContext a = contexts.of(look("a.test"));
        SslContext b = contexts.of(look("b.test"));
        assertThat(a).isNotNull().isNotSameAs(b);
        assertThat(b).isNotNull();
        assertThat(contexts.of(look("a.test"))).isSameAs(a);
        assertThat(contexts.of(look("b.test"))).isSameAs(b);
    }

    @Test
    void anotherOrderForTheSameNameIsShownAnew() {
        SslContext before = contexts.of(look("a.test"));
        Asked.show(answers, "a.test", Certificates.issued(authority, "a.test"));
        assertThat(contexts.of(look("a.test"))).isNotNull().isNotSameAs(before);
    }

    @Test
    void whenTheOrderIsOverNobodyIsShownAnything() {
        contexts.of(look("a.test"));
        Asked.end(answers);
        assertThat(contexts.of(look("a.test"))).isNull();
        assertThat(contexts.of(look("b.test"))).isNull();
    }

    @Test
    void whatIsKeptIsForgottenWithTheOrder() {
        contexts.of(look("a.test"));
        Asked.end(answers);
        Asked.show(answers, "b.test", Certificates.issued(authority, "b.test"));
        contexts.of(look("b.test"));
        assertThat(contexts.kept()).isEqualTo(1);
    }

    @Test
    void whoAsksForAnotherNameOrForNoneOrForHttpIsNotShownAnything() {
        assertThat(contexts.of(look("c.test"))).isNull();
        assertThat(contexts.of(
                        Hellos.hello().protocols(ChallengeAnswers.PROTOCOL).read()))
                .isNull();
        assertThat(contexts.of(Hellos.hello()
                        .serverName("a.test")
                        .protocols("h2", ChallengeAnswers.PROTOCOL)
                        .read()))
                .isNull();
    }

    private static ClientHello look(String name) {
        return Hellos.hello()
                .serverName(name)
                .protocols(ChallengeAnswers.PROTOCOL)
                .read();
    }
}
