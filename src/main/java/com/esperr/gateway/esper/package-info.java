/**
 * The Esper wire contract: what a question looks like, how an answer is read, and the configuration of both. Nothing else
 * knows the format, and nothing here knows how bytes travel. Starting points: {@code EsperConfig},
 * {@code MitigationQuestionWriter}, {@code MitigationAnswerReader}.
 */
@NullMarked
package com.esperr.gateway.esper;

import org.jspecify.annotations.NullMarked;
