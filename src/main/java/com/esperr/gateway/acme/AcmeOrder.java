package com.esperr.gateway.acme;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;

/** One order for a certificate, from the account to the chain. Blocks; confined to the thread that renews. */
final class AcmeOrder {
    private static final Duration CALL = Duration.ofSeconds(20);

    private final AcmeConfig config;
    private final ChallengeAnswers answers;
    private final LongSupplier millis;

    AcmeOrder(AcmeConfig config, ChallengeAnswers answers, LongSupplier millis) {
        this.config = config;
        this.answers = answers;
        this.millis = millis;
    }

    /** Asks for a certificate of {@code siteKey} and answers its chain. */
    List<X509Certificate> fulfil(KeyPair accountKey, KeyPair siteKey)
            throws AcmeException, IOException, InterruptedException {
        Order order = login(accountKey).newOrder().domains(config.domains()).create();
        try {
            for (Authorization authorization : order.getAuthorizations()) {
                authorise(authorization);
            }
        } finally {
            answers.clear();
        }
        expect(
                Status.READY,
                order.waitUntilReady(config.timeout()),
                order.getError().orElse(null),
                "the order");
        order.execute(siteKey);
        expect(
                Status.VALID,
                order.waitForCompletion(config.timeout()),
                order.getError().orElse(null),
                "the order");
        List<X509Certificate> chain = order.getCertificate().getCertificateChain();
        if (chain.isEmpty() || !chain.get(0).getPublicKey().equals(siteKey.getPublic())) {
            throw new AcmeException("the certificate is for another key");
        }
        return chain;
    }

    private Login login(KeyPair accountKey) throws AcmeException, IOException {
        Session session = new Session(config.directory(), new AcmeServer(config.caFile()));
        session.networkSettings().setTimeout(CALL);
        AccountBuilder account = new AccountBuilder().useKeyPair(accountKey);
        if (!config.email().isEmpty()) {
            account.addEmail(config.email());
        }
        if (config.termsAgreed()) {
            account.agreeToTermsOfService();
        }
        return account.createLogin(session);
    }

    private void authorise(Authorization authorization) throws AcmeException, IOException, InterruptedException {
        if (authorization.getStatus() == Status.VALID) {
            return;
        }
        Challenge challenge = switch (config.challenge()) {
            case HTTP_01 -> file(authorization);
            case TLS_ALPN_01 -> certificate(authorization);
        };
        challenge.trigger();
        Status status = authorization.waitForCompletion(config.timeout());
        if (status != Status.VALID) {
            challenge.fetch();
        }
        expect(
                Status.VALID,
                status,
                challenge.getError().orElse(null),
                authorization.getIdentifier().getDomain());
    }

    private Challenge file(Authorization authorization) throws AcmeException {
        Http01Challenge challenge = authorization
                .findChallenge(Http01Challenge.class)
                .orElseThrow(() -> new AcmeException("the authority offers no http-01"));
        answers.file(challenge.getToken(), challenge.getAuthorization());
        return challenge;
    }

    private Challenge certificate(Authorization authorization) throws AcmeException, IOException {
        TlsAlpn01Challenge challenge = authorization
                .findChallenge(TlsAlpn01Challenge.class)
                .orElseThrow(() -> new AcmeException("the authority offers no tls-alpn-01"));
        KeyPair key = NewKeys.make();
        String domain = authorization.getIdentifier().getDomain();
        X509Certificate shown = OwnSigned.answer(key, domain, challenge.getAcmeValidation(), millis.getAsLong());
        answers.certificate(domain, new ChallengeAnswers.Shown(key.getPrivate(), shown));
        return challenge;
    }

    private static void expect(Status expected, Status got, @Nullable Problem problem, String what)
            throws AcmeException {
        if (got != expected) {
            throw new AcmeException(what + " is " + got + (problem == null ? "" : ": " + problem));
        }
    }
}
