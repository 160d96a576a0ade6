package com.esperr.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFileTest {
    @TempDir
    private Path directory;

    @Test
    void theReferenceStandsEscapedWhereverItIsAskedFor() throws IOException {
        assertThat(body(read("a.html", "{reference} and {reference}").reply(503, "<R>", Fields.EMPTY)))
                .isEqualTo("&lt;R&gt; and &lt;R&gt;");
        assertThat(body(read("a.txt", "{reference}").reply(503, "<R>", Fields.EMPTY)))
                .isEqualTo("<R>");
    }

    @Test
    void theTypeIsThatOfTheName() throws IOException {
        assertThat(read("a.HTM", "").reply(503, "R", Fields.EMPTY).fields().get("content-type"))
                .isEqualTo("text/html; charset=utf-8");
        assertThat(read("a.txt", "").reply(503, "R", Fields.EMPTY).fields().get("content-type"))
                .isEqualTo("text/plain; charset=utf-8");
        assertThat(read("a.xhtml", "").reply(503, "R", Fields.EMPTY).fields().get("content-type"))
                .isEqualTo("application/xhtml+xml; charset=utf-8");
    }

    @Test
    void whatCannotBeAPageIsRefusedWithTheReason() throws IOException {
        refused(Files.writeString(directory.resolve("a.exe"), ""), "no such type");
        refused(directory.resolve("absent.html"), "not there");
        refused(Files.createDirectory(directory.resolve("directory.html")), "not there");
        refused(Files.writeString(directory.resolve("b.html"), "x".repeat(256 * 1024 + 1)), "too large");
        refused(Files.write(directory.resolve("c.html"), new byte[] {(byte) 0xff}), "not in UTF-8");
    }

    private PageFile read(String name, String text) throws IOException {
        return PageFile.read(Files.writeString(directory.resolve(name), text).toString());
    }

    private static void refused(Path file, String reason) {
        assertThatThrownBy(() -> PageFile.read(file.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason);
    }

    private static String body(LocalReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
