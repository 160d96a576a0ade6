package com.esperr.gateway.proxy;

import com.esperr.gateway.testkit.Behaviour;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.OriginExchange;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The contract with the built-in origin. */
class TestOriginGatewayIT extends OriginContract {

    private static final String ETAG = "\"data-1\"";

    private TestOrigin origin;

    @Override
    String startOrigin() {
        origin = TestOrigin.start()
                .on("/files/data", TestOriginGatewayIT::data)
                .on("/files/large", Behaviours.stream(LARGE))
                .on("/files/page.txt", TestOriginGatewayIT::page)
                .on("/upload", Behaviours.respond(200, "taken"))
                .on("/small", Behaviours.earlyFinal(413, "too much"))
                .on("/connection", connection());
        return origin.url();
    }

    private static void data(OriginExchange exchange) throws IOException, InterruptedException {
        String validator = "ETag: " + ETAG + "\r\n";
        if (exchange.request().header("if-none-match").equals(ETAG)) {
            exchange.send("HTTP/1.1 304 Not Modified\r\n" + validator + "\r\n");
        } else if (exchange.request().header("range").equals("bytes=100-199")) {
            ByteArrayOutputStream part = new ByteArrayOutputStream();
            Pattern.writeTo(part, 200);
            exchange.send("HTTP/1.1 206 Partial Content\r\nContent-Length: 100\r\nContent-Range: bytes 100-199/" + FILE
                            + "\r\n\r\n")
                    .send(Wire.text(part.toByteArray()).substring(100));
        } else {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + FILE + "\r\n" + validator + "\r\n");
            if (!exchange.request().method().equals("HEAD")) {
                Pattern.writeTo(exchange.out(), FILE);
            }
        }
    }

    private static void page(OriginExchange exchange) throws IOException, InterruptedException {
        if (!exchange.request().header("accept-encoding").equals("gzip")) {
            Behaviours.respond(200, PAGE).respond(exchange);
            return;
        }
        byte[] body = Gzip.of(PAGE);
        exchange.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
                .send(Integer.toHexString(body.length) + "\r\n")
                .send(body)
                .send("\r\n0\r\n\r\n");
    }

    private static Behaviour connection() {
        return exchange -> Behaviours.respond(
                        200, Integer.toString(exchange.request().connectionId()))
                .respond(exchange);
    }

    @Override
    void stopOrigin() {
        origin.stop();
    }

    @Override
    void restartOrigin() {
        origin.restart();
    }

    @Override
    void reloadOrigin() {
        origin.dropConnections();
    }

    @Override
    void closeOrigin() {
        origin.close();
    }
}
