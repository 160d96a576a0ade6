package com.esperr.gateway.transport;

import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.IpAddress;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers over UDP, and over TCP what does not fit. Thread-safe; everything happens on one event loop, and the
 * socket is opened with the first question. An answer is what a server says: nothing is kept, and no file is read.
 */
public final class DnsClient implements NameService, AutoCloseable {
    private static final int ATTEMPTS = 2;
    private static final long NOTHING_SECONDS = 300;
    private static final String HEX = "0123456789abcdef";

    private final EventLoop loop;
    private final DnsNameResolverBuilder builder;
    private @Nullable DnsNameResolver resolver;
    private boolean closed;

    /**
     * A client on one of {@code loops}.
     *
     * @param servers addresses of name servers; empty for the system's
     * @param timeout for one question to one server
     */
    public DnsClient(List<HostPort> servers, Duration timeout, EventLoops loops) {
        this.loop = loops.group().next();
        this.builder = loops.dns().eventLoop(loop).queryTimeoutMillis(timeout.toMillis());
        if (!servers.isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(
                    servers.stream().map(EventLoops::socketAddress).toArray(InetSocketAddress[]::new)));
        }
    }

    @Override
    public void names(IpAddress address, Consumer<Answer> sink) {
        ask(new DefaultDnsQuestion(reversed(address), DnsRecordType.PTR), sink);
    }

    @Override
    public void addresses(String name, boolean ipv6, Consumer<Answer> sink) {
        DnsRecordType type = ipv6 ? DnsRecordType.AAAA : DnsRecordType.A;
        DnsQuestion question;
        try {
            question = new DefaultDnsQuestion(name + '.', type);
        } catch (IllegalArgumentException noName) {
            loop.execute(() -> sink.accept(new Answer.Found(List.of(), NOTHING_SECONDS)));
            return;
        }
        ask(question, sink);
    }

    private void ask(DnsQuestion question, Consumer<Answer> sink) {
        loop.execute(() -> {
            if (closed) {
                sink.accept(new Answer.Failed("closed"));
                return;
            }
            if (resolver == null) {
                resolver = builder.build();
            }
            ask(resolver, question, ATTEMPTS, sink);
        });
    }

    private static void ask(DnsNameResolver resolver, DnsQuestion question, int attempts, Consumer<Answer> sink) {
        resolver.query(question).addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) -> {
            Throwable cause = asked.cause();
            if (cause == null) {
                sink.accept(answer(question.type(), asked.getNow()));
            } else if (attempts > 1) {
                ask(resolver, question, attempts - 1, sink);
            } else {
                sink.accept(new Answer.Failed(String.valueOf(cause.getMessage())));
            }
        });
    }

    private static Answer answer(DnsRecordType type, AddressedEnvelope<DnsResponse, InetSocketAddress> envelope) {
        try {
            DnsResponse response = envelope.content();
            if (response.code().equals(DnsResponseCode.NXDOMAIN)) {
                return new Answer.Found(List.of(), NOTHING_SECONDS);
            }
            if (!response.code().equals(DnsResponseCode.NOERROR)) {
                return new Answer.Failed(response.code().toString());
            }
            List<String> values = new ArrayList<>();
            long seconds = Integer.MAX_VALUE;
            for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                DnsRecord answered = response.recordAt(DnsSection.ANSWER, i);
                String value = answered.type().equals(type) ? value(answered) : null;
                if (value != null) {
                    values.add(value);
                }
                seconds = Math.min(seconds, answered.timeToLive());
            }
            return new Answer.Found(List.copyOf(values), values.isEmpty() ? NOTHING_SECONDS : seconds);
        } finally {
            envelope.release();
        }
    }

    private static @Nullable String value(DnsRecord answered) {
        if (answered instanceof DnsPtrRecord pointer) {
            String name = pointer.hostname().toLowerCase(Locale.ROOT);
            return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        }
        if (answered instanceof DnsRawRecord raw) {
            byte[] bytes = ByteBufUtil.getBytes(raw.content());
            return bytes.length == 4 || bytes.length == 16
                    ? IpAddress.ofBytes(bytes).toString()
                    : null;
        }
        return null;
    }

    /** The name under which an address is asked for (RFC 1035 section 3.5, RFC 3596 section 2.5). */
    static String reversed(IpAddress address) {
        StringBuilder name = new StringBuilder();
        byte[] bytes = address.bytes();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int octet = bytes[i] & 0xff;
            if (address.isIpv6()) {
                name.append(HEX.charAt(octet & 0xf))
                        .append('.')
                        .append(HEX.charAt(octet >> 4))
                        .append('.');
            } else {
                name.append(octet).append('.');
            }
        }
        return name.append(address.isIpv6() ? "ip6.arpa." : "in-addr.arpa.").toString();
    }

    /** Asks no more, soon after this returns. */
    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            if (resolver != null) {
                resolver.close();
                resolver = null;
            }
        });
    }
}
