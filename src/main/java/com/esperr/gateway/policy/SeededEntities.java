package com.esperr.gateway.policy;

import com.esperr.gateway.policy.Definitions.EntityDefinition;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.request.FieldReference;
import java.util.List;
import java.util.stream.Stream;

/** The entities that exist in every Esper tenant without being written down. Immutable. */
final class SeededEntities {
    private static final FieldReference CLIENT_IP = FieldReference.parse("client_ip");
    private static final FieldReference USER_AGENT = FieldReference.parse("user_agent");

    /** Who is meant when a clause with a window names nobody. */
    static final EntityDefinition DEFAULT =
            new EntityDefinition(seeded("ip-user-agent"), List.of(CLIENT_IP, USER_AGENT), Expression.ALWAYS);

    /** Parts of the User-Agent headers that OpenAI, Anthropic, Google, Apple, Meta and Cloudflare publish for their crawlers. */
    private static final List<String> CRAWLERS = List.of(
            "gptbot",
            "chatgpt-user",
            "oai-searchbot",
            "claudebot",
            "claude-user",
            "claude-searchbot",
            "anthropic-ai",
            "googlebot",
            "googleother",
            "google-cloudvertexbot",
            "google-extended",
            "google-inspectiontool",
            "adsbot-google",
            "mediapartners-google",
            "storebot-google",
            "applebot",
            "meta-externalagent",
            "meta-externalfetcher",
            "meta-webindexer",
            "facebookexternalhit",
            "facebookbot",
            "cloudflare");

    /** All of them. */
    private static final List<EntityDefinition> ALL = List.of(
            DEFAULT,
            new EntityDefinition(
                    seeded("bot-crawlers"),
                    List.of(USER_AGENT),
                    new Comparison(USER_AGENT, Operator.CONTAINS_ANY, CRAWLERS, true)));

    /** Whom an operator means who knows no more than an address; ours, and so of no account where a file has one of this name. */
    private static final EntityDefinition ADDRESS =
            new EntityDefinition(seeded("ip"), List.of(CLIENT_IP), Expression.ALWAYS);

    private SeededEntities() {}

    /** Those that exist beside {@code written}. */
    static List<EntityDefinition> beside(List<EntityDefinition> written) {
        if (written.stream()
                .anyMatch(one -> one.name().text().equals(ADDRESS.name().text()))) {
            return ALL;
        }
        return Stream.concat(ALL.stream(), Stream.of(ADDRESS)).toList();
    }

    private static Written seeded(String name) {
        return new Written(name, "a seeded entity", "");
    }
}
