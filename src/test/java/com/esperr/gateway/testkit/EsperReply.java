package com.esperr.gateway.testkit;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One answer of the Esper test server. Immutable.
 *
 * @param status the status code
 * @param headers extra header lines without line end
 * @param body the JSON, in UTF-8 on the wire
 */
public record EsperReply(int status, List<String> headers, String body) {

    public EsperReply {
        headers = List.copyOf(headers);
    }

    public static EsperReply allow() {
        return json("{\"action\":\"allow\"}");
    }

    public static EsperReply block(String reason) {
        return json("{\"action\":\"block\",\"reason\":" + quote(reason) + "}");
    }

    public static EsperReply challenge(String redirectUrl) {
        return json("{\"action\":\"challenge\",\"challenge\":{\"redirect_url\":" + quote(redirectUrl) + "}}");
    }

    /** 200 with this JSON. */
    public static EsperReply json(String body) {
        return new EsperReply(200, List.of(), body);
    }

    public static EsperReply status(int status, String... headers) {
        return new EsperReply(
                status, List.of(headers), "{\"error\":{\"code\":\"test\",\"message\":\"status " + status + "\"}}");
    }

    public EsperReply with(String headerLine) {
        return new EsperReply(
                status, Stream.concat(headers.stream(), Stream.of(headerLine)).toList(), body);
    }

    /** The whole response as bytes. */
    byte[] wire() {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Test\r\nContent-Type: application/json\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
        byte[] start = Wire.bytes(head.toString());
        byte[] all = Arrays.copyOf(start, start.length + content.length);
        System.arraycopy(content, 0, all, start.length, content.length);
        return all;
    }

    private static String quote(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }
}
