/**
 * Challenges that are held here: the ladder of their kinds, the tickets that visitors carry from the page to the answer, and what they are
 * answered. Nothing is remembered about a visitor who has not passed. Starting points: {@code Ladder}, {@code ChallengeDesk}; {@code
 * GatewayReception}.
 */
@NullMarked
package com.esperr.gateway.hosting;

import org.jspecify.annotations.NullMarked;
