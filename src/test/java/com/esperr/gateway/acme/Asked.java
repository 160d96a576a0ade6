package com.esperr.gateway.acme;

import io.netty.pkitesting.X509Bundle;

/** What an authority is shown in a test, without an order. Stateless. */
public final class Asked {
    private Asked() {}

    /** From now on, whoever looks whether {@code name} leads here is shown that. */
    public static void show(ChallengeAnswers answers, String name, X509Bundle bundle) {
        answers.certificate(
                name, new ChallengeAnswers.Shown(bundle.getKeyPair().getPrivate(), bundle.getCertificate()));
    }

    /** The order is over. */
    public static void end(ChallengeAnswers answers) {
        answers.clear();
    }
}
