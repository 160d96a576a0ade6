package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.net.IpAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class UntrustedProxyTest {
    private static final IpAddress PEER = IpAddress.parse("10.0.0.7");
    private static final Fields PLAIN = Fields.builder(1).add("accept", "*/*").build();
    private static final Fields LISTED =
            Fields.builder(1).add("X-Forwarded-For", "203.0.113.9").build();
    private static final Fields STANDARD =
            Fields.builder(1).add("forwarded", "for=203.0.113.9").build();

    private final Logger logger = (Logger) LoggerFactory.getLogger(UntrustedProxy.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logger.addAppender(appender);
        appender.start();
    }

    @AfterEach
    void leave() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
    }

    private List<String> said(boolean nobodyTrusted, Fields... requests) {
        UntrustedProxy watch = new UntrustedProxy(nobodyTrusted);
        for (Fields fields : requests) {
            watch.look(fields, PEER);
        }
        return appender.list.stream().map(ILoggingEvent::toString).toList();
    }

    @Test
    void saysOnceWhoSendsWhat() {
        assertThat(said(true, PLAIN, LISTED, LISTED, STANDARD))
                .singleElement()
                .asString()
                .startsWith("[WARN] client.trusted-proxies: empty, but X-Forwarded-For arrives from 10.0.0.7");
    }

    @Test
    void knowsTheStandardField() {
        assertThat(said(true, STANDARD)).singleElement().asString().contains("but Forwarded arrives from 10.0.0.7");
    }

    @Test
    void saysNothingAboutPlainRequests() {
        assertThat(said(true, PLAIN)).isEmpty();
    }

    @Test
    void saysNothingWhenSomebodyIsTrusted() {
        assertThat(said(false, LISTED, STANDARD)).isEmpty();
    }
}
