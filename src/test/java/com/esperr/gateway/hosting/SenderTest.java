package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.Requests;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderTest {
    @ParameterizedTest
    @CsvSource({
        "same-origin, null, OURS",
        "none, , UNTOLD",
        "same-site, http://www.shop.test, ANOTHER",
        "cross-site, https://evil.test, ANOTHER",
        "cross-site, null, ANOTHER",
        "cross-site, , ANOTHER",
        "anything, , ANOTHER",
        ", , UNTOLD",
        ", null, UNTOLD",
        ", https://evil.test, ANOTHER",
        ", https://evil-shop.test, ANOTHER",
        ", https://shop.test, OURS",
    })
    void theBrowserTellsWhosePageSends(String site, String origin, Sender expected) {
        Requests request = Requests.get("/");
        if (site != null) {
            request.with("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.with("Origin", origin);
        }
        assertThat(Sender.of(request.context())).isEqualTo(expected);
    }
}
