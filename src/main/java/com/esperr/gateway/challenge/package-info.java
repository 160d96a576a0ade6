/**
 * Challenges that this side hosts itself: the sessions in which visitors take them, the page, and the signed proofs that
 * they bring back. Knows nothing of connections. Starting points: {@code HostedChallenges}, {@code ChallengeSession},
 * {@code ProofTokens}.
 */
@NullMarked
package com.esperr.gateway.challenge;

import org.jspecify.annotations.NullMarked;
