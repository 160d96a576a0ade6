package com.esperr.gateway.testkit;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The bytes and the manners behind each {@link Fault}. Stateless, static only.
 */
final class Faults {

    private static final String ALLOW = "{\"action\":\"allow\"}";

    private Faults() {}

    /** What the server does in place of answering; the request is read already. */
    static Behaviour behaviour(Fault fault, int at, CountDownLatch released) {
        return switch (fault) {
            case REFUSED, CLOSE_BEFORE_REPLY -> OriginExchange::close;
            case RESET_AT -> exchange -> sendPart(exchange, allow(), at).reset();
            case HALF_BODY ->
                exchange -> sendPart(exchange, allow(), allow().length - ALLOW.length() / 2)
                        .close();
            case SILENT -> OriginExchange::holdUntilClosed;
            case STALL_AT -> exchange -> sendPart(exchange, allow(), at).holdUntilClosed();
            case SLOW -> exchange -> exchange.hold(released).send(allow());
            case CHUNKED_WITHOUT_END -> Faults::chunkWithoutEnd;
            case INTERIM_STORM -> Faults::interimStorm;
            case EXTRA_RESPONSE ->
                exchange -> exchange.send(
                        Wire.text(allow()) + Wire.text(EsperReply.block("extra").wire()));
            case NOT_HTTP ->
                exchange -> exchange.send("SSH-2.0-OpenSSH_9.6\r\n\r\n").close();
            case BOTH_LENGTHS ->
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + ALLOW.length() + "\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n" + ALLOW + "\r\n0\r\n\r\n");
            default -> exchange -> exchange.send(reply(fault).wire());
        };
    }

    private static EsperReply reply(Fault fault) {
        return switch (fault) {
            case STATUS_500 -> EsperReply.status(500);
            case STATUS_502 -> EsperReply.status(502);
            case STATUS_503 -> EsperReply.status(503);
            case STATUS_503_RETRY_AFTER -> EsperReply.status(503, "Retry-After: 2");
            case STATUS_504 -> EsperReply.status(504);
            case STATUS_401 -> EsperReply.status(401);
            case STATUS_403 -> EsperReply.status(403);
            case STATUS_404 -> EsperReply.status(404);
            case STATUS_429 -> EsperReply.status(429);
            case STATUS_429_RETRY_AFTER -> EsperReply.status(429, "Retry-After: 2");
            case REDIRECT -> new EsperReply(302, List.of("Location: " + TestEsper.REDIRECTED), ALLOW);
            case HUGE_HEAD -> EsperReply.allow().with("X-Padding: " + "p".repeat(1 << 20));
            case CAPTIVE_PORTAL ->
                EsperReply.json("<!doctype html><title>Wi-Fi login</title><h1>Welcome</h1>")
                        .with("X-Portal: yes");
            case GZIP_LABELLED -> EsperReply.allow().with("Content-Encoding: gzip");
            default -> EsperReply.json(json(fault));
        };
    }

    private static String json(Fault fault) {
        return switch (fault) {
            case EMPTY_BODY -> "";
            case GARBAGE -> "allow everything, please";
            case TRUNCATED_JSON -> "{\"action\":\"allow\",\"reason\":\"beca";
            case TRAILING_JSON -> ALLOW + "{\"action\":\"block\"}";
            case UNKNOWN_ACTION -> "{\"action\":\"obliterate\"}";
            case WRONG_TYPES -> "{\"action\":7}";
            case ARRAY -> "[" + ALLOW + "]";
            case HUGE_JSON -> "{\"padding\":\"" + "p".repeat(3 << 19) + "\",\"action\":\"allow\"}";
            case DEEP_JSON -> "{\"deep\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"action\":\"allow\"}";
            case CHALLENGE_WITHOUT_URL -> "{\"action\":\"challenge\"}";
            case CHALLENGE_FOREIGN_HOST -> challenge("https://esper.attacker.test/page");
            case CHALLENGE_BAD_SCHEME -> challenge("javascript:alert(1)");
            default -> throw new IllegalArgumentException("fault: " + fault + " (expected: one that is a JSON body)");
        };
    }

    private static String challenge(String url) {
        return "{\"action\":\"challenge\",\"redirect_url\":\"" + url + "\"}";
    }

    private static byte[] allow() {
        return EsperReply.allow().wire();
    }

    private static OriginExchange sendPart(OriginExchange exchange, byte[] reply, int count) throws IOException {
        exchange.out().write(reply, 0, Math.min(count, reply.length));
        exchange.out().flush();
        return exchange;
    }

    private static void chunkWithoutEnd(OriginExchange exchange) throws IOException, InterruptedException {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(ALLOW.length()) + "\r\n" + ALLOW + "\r\n")
                .holdUntilClosed();
    }

    private static void interimStorm(OriginExchange exchange) throws IOException {
        byte[] interim = Wire.bytes("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(64));
        while (!exchange.isClosing()) {
            exchange.send(interim);
        }
    }
}
