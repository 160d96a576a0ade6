package com.esperr.gateway.proxy;

import com.esperr.gateway.testkit.NginxOrigin;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The contract with the system's nginx as origin. */
class NginxGatewayIT extends OriginContract {

    private static final String LOCATIONS = """
            location = /connection { return 200 "$connection"; }
            location = /files/page.txt { root DIR; gzip on; gzip_proxied any; gzip_types *; gzip_min_length 1; }
            location = /upload { client_body_buffer_size 1m; proxy_pass http://127.0.0.1:PORT/taken; }
            location = /small { client_max_body_size 1000; return 200 "taken"; }
            """;

    private NginxOrigin nginx;

    @Override
    String startOrigin() {
        nginx = NginxOrigin.start(LOCATIONS)
                .file("data", pattern(FILE))
                .file("large", pattern(LARGE))
                .file("page.txt", Wire.bytes(PAGE));
        return nginx.url();
    }

    @Override
    void stopOrigin() {
        nginx.stop();
    }

    @Override
    void restartOrigin() {
        nginx.restart();
    }

    @Override
    void reloadOrigin() {
        nginx.reload();
    }

    @Override
    void closeOrigin() {
        if (nginx != null) {
            nginx.close();
        }
    }

    private static byte[] pattern(int size) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
        try {
            Pattern.writeTo(bytes, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
