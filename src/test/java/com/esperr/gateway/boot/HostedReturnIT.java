package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing that is put in the form of a challenge page leads anywhere but to the site. */
class HostedReturnIT {
    private static final String HEAD =
            " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: a\r\nAccept: text/html\r\nConnection: close\r\n";

    private static Set<String> targets() {
        Set<String> targets = new LinkedHashSet<>();
        for (String path : OpenRedirectIT.PATHS) {
            targets.add(path);
            targets.add("http:" + path);
            targets.add("https:" + path);
            targets.add("http://shop.test" + path);
            targets.add("http://shop.test@evil.test" + path);
            targets.add("http://shop.test.evil.test" + path);
            targets.add("\t" + path);
            targets.add(path + "#//evil.test");
        }
        for (String scheme :
                new String[] {"javascript:alert(1)", "data:text/html,x", "evil.test", "", "?a", "#a", ".", "\r\n"}) {
            targets.add(scheme);
        }
        return targets;
    }

    @Test
    void everyTargetStaysOnTheSite() {
        try (HostedScene scene = HostedScene.with("challenge.hosted.providers", "button")) {
            int port = scene.gateway.port();
            RawResponse page = RawClient.exchange(port, "GET /" + HEAD + "\r\n");
            assertThat(page.status()).isEqualTo(403);
            String cookie = page.headers().only("set-cookie").split(";")[0];
            String form = ChallengeForm.pressed(page.bodyText());
            Set<String> targets = targets();
            assertThat(targets).hasSizeGreaterThan(150);
            for (String target : targets) {
                String body = form + "&to=" + URLEncoder.encode(target, StandardCharsets.UTF_8);
                RawResponse answer = RawClient.exchange(
                        port,
                        "POST " + HostedScene.CHALLENGE + HEAD + "Cookie: " + cookie + "\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body);
                assertThat(answer.status()).as(target).isEqualTo(303);
                String location = answer.headers().only("location");
                assertThat(location).as(target).matches("/(?![/\\\\])[!-~]*");
                assertThat(URI.create("http://shop.test/")
                                .resolve(location.replace("[", "%5B").replace("]", "%5D"))
                                .getHost())
                        .as(target + " -> " + location)
                        .isEqualTo("shop.test");
            }
        }
    }
}
