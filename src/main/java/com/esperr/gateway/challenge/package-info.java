/**
 * Challenges, from both sides: for those hosted here the sessions in which visitors take them and the signed proofs that they
 * bring back; and what stands before the decision chain, where a good proof, whoever gave it, becomes a pass. Knows nothing of
 * connections. Starting points: {@code HostedChallenges}, {@code ProofTokens}; {@code Admission}, {@code PassTokens}.
 */
@NullMarked
package com.esperr.gateway.challenge;

import org.jspecify.annotations.NullMarked;
