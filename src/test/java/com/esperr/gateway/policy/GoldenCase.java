package com.esperr.gateway.policy;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import com.esperr.gateway.request.VirtualHosts;
import com.esperr.gateway.tls.ClientIdentity;
import com.esperr.gateway.tls.Hellos;
import com.esperr.gateway.tls.TlsSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One line of a golden file.
 *
 * @param place file and line
 * @param condition as a policy writes it
 * @param expected yes, no or absent
 * @param request a request line, then headers and other pieces between tildes
 */
record GoldenCase(String place, String condition, String expected, String request) {
    private static final Routes ROUTES = Configurations.read(
                    ConfigSource.load(null, Map.of(), Map.of())
                            .withReference(ConfigSource.reference(
                                    "test", "routes = [ { path = \"/account/{id}\", tier = normal } ]")),
                    Routes::read)
            .value();

    /** All of them. */
    static List<GoldenCase> all() {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "policy", "golden"))) {
            return files.sorted().flatMap(file -> read(file).stream()).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<GoldenCase> read(Path file) {
        List<GoldenCase> cases = new ArrayList<>();
        String condition = "";
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (line.startsWith("  ")) {
                    String[] parts = line.strip().split(" +", 2);
                    cases.add(new GoldenCase(file.getFileName() + ":" + number, condition, parts[0], parts[1]));
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    condition = line;
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return cases;
    }

    /** The request, and what of its body was read for {@code policies}. */
    RequestContext context(PolicySet policies) {
        Pieces pieces = new Pieces(request.split(" ~ "));
        RequestHead head = new RequestHead(
                pieces.line[0],
                pieces.line[1],
                pieces.host == null ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
                pieces.fields(),
                pieces.body == null ? BodyLength.NONE : pieces.body.length,
                true,
                false);
        RequestContext context = new RequestContexts(
                        new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
                        new PathRules(PathOptions.STRICT),
                        ROUTES,
                        VirtualHosts.only(ROUTES),
                        "edge-1",
                        () -> pieces.at,
                        any -> pieces.bot)
                .of(head, pieces.client, "http");
        context.tls(pieces.tls);
        if (pieces.body != null) {
            context.bodyFields(Bodies.read(policies, context, pieces.body));
        }
        return context;
    }

    @Override
    public String toString() {
        return place + ": " + condition + " " + expected + " " + request;
    }

    private static final class Pieces {
        private final String[] line;
        private final Fields.Builder fields = Fields.builder(4);
        private @Nullable String host = "shop.test";
        private IpAddress client = IpAddress.parse("203.0.113.1");
        private long at = Sample.NOW;
        private byte @Nullable [] body;
        private @Nullable TlsSession tls;
        private BotFacts bot = BotFacts.NONE;

        Pieces(String[] pieces) {
            line = pieces[0].split(" ");
            for (int i = 1; i < pieces.length; i++) {
                take(pieces[i].strip());
            }
        }

        private void take(String piece) {
            if (piece.equals("no host")) {
                host = null;
            } else if (piece.startsWith("host ")) {
                host = piece.substring(5);
            } else if (piece.startsWith("from ")) {
                client = IpAddress.parse(piece.substring(5));
            } else if (piece.startsWith("at ")) {
                at = Instant.parse(piece.substring(3)).toEpochMilli();
            } else if (piece.startsWith("tls ")) {
                tls = session(piece.split(" "));
            } else if (piece.startsWith("bot ")) {
                String[] words = piece.split(" ");
                bot = new BotFacts(
                        words[1],
                        BotFacts.Status.valueOf(words[2]),
                        words.length < 4 ? null : BotFacts.Method.valueOf(words[3]),
                        false);
            } else if (piece.startsWith("body ")) {
                body = piece.substring(5).getBytes(StandardCharsets.UTF_8);
            } else {
                boolean latin = piece.startsWith("latin1 ");
                String[] header = (latin ? piece.substring(7) : piece).split(":", 2);
                String value = header[1].strip();
                fields.add(
                        header[0],
                        latin
                                ? value
                                : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            }
        }

        /** tls VERSION [asked|bob]: the browser of the JA4 description, asked for a certificate, or with Bob's. */
        private static TlsSession session(String[] words) {
            String who = words.length > 2 ? words[2] : "";
            ClientIdentity bob = new ClientIdentity("CN=bob,O=Shop", "dns:bob.test", "5e".repeat(32), "7f", "");
            return new TlsSession(
                    words[1],
                    "TLS_AES_128_GCM_SHA256",
                    Hellos.browser().read(),
                    !who.isEmpty(),
                    who.equals("bob") ? bob : null);
        }

        Fields fields() {
            return (host == null ? fields : fields.add("Host", host)).build();
        }
    }
}
