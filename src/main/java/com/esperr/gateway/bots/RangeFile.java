package com.esperr.gateway.bots;

import com.esperr.gateway.net.Cidr;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file of networks in the two forms in which owners of crawlers publish them: JSON with {@code prefixes} of {@code
 * ipv4Prefix} or {@code ipv6Prefix}, or a network or address a line with comments behind {@code #} or {@code ;}. Stateless.
 */
final class RangeFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_BYTES = 16 << 20;
    private static final int MOST_NETWORKS = 100_000;
    /** A wider one is a slip, and would make half the world a good bot. */
    private static final int SHORTEST_IPV4 = 8;

    private static final int SHORTEST_IPV6 = 16;

    private RangeFile() {}

    /**
     * The networks in {@code file}.
     *
     * @throws IOException if it cannot be read, or says something else; the message says what
     */
    static List<Cidr> read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("more than 16 MiB");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8).strip();
        List<Cidr> networks = new ArrayList<>();
        for (String network : text.startsWith("{") ? json(text) : lines(text)) {
            networks.add(network(network));
        }
        if (networks.isEmpty() || networks.size() > MOST_NETWORKS) {
            throw new IOException(networks.size() + " networks");
        }
        return List.copyOf(networks);
    }

    private static List<String> json(String text) throws IOException {
        JsonNode prefixes;
        try {
            prefixes = JSON.readTree(text).path("prefixes");
        } catch (JsonProcessingException malformed) {
            throw new IOException("not JSON", malformed);
        }
        List<String> networks = new ArrayList<>();
        for (JsonNode prefix : prefixes) {
            String network =
                    prefix.path("ipv4Prefix").asText(prefix.path("ipv6Prefix").asText(""));
            if (network.isEmpty()) {
                throw new IOException("a prefix without ipv4Prefix and ipv6Prefix");
            }
            networks.add(network);
        }
        return networks;
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(line -> line.replaceFirst("[#;].*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static Cidr network(String text) throws IOException {
        Cidr network;
        try {
            network = Cidr.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new IOException(malformed.getMessage(), malformed);
        }
        if (network.bits() < (network.network().isIpv6() ? SHORTEST_IPV6 : SHORTEST_IPV4)) {
            throw new IOException(network + " is too wide to be one owner's");
        }
        return network;
    }
}
