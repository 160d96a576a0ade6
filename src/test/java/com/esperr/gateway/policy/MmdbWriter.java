package com.esperr.gateway.policy;

import com.esperr.gateway.net.Cidr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes small files of the MaxMind DB format, version 2.0: a tree of 24-bit records over IPv6, IPv4 below ::/96. */
final class MmdbWriter {
    private static final byte[] MARK = "\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SEPARATOR = 16;

    private final List<@Nullable Object[]> nodes = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    MmdbWriter() {
        node();
    }

    /** The addresses of a network have {@code record}. */
    MmdbWriter with(String network, Map<String, ?> record) throws IOException {
        Cidr cidr = Cidr.parse(network);
        byte[] bits = new byte[16];
        byte[] own = cidr.network().bytes();
        System.arraycopy(own, 0, bits, 16 - own.length, own.length);
        int length = cidr.bits() + (cidr.network().isIpv6() ? 0 : 96);
        int at = 0;
        for (int i = 0; i < length - 1; i++) {
            Object next = nodes.get(at)[bit(bits, i)];
            if (!(next instanceof Integer)) {
                next = node();
                nodes.get(at)[bit(bits, i)] = next;
            }
            at = (Integer) next;
        }
        nodes.get(at)[bit(bits, length - 1)] = (long) data.size();
        write(record, data);
        return this;
    }

    /** As in GeoLite2-Country. */
    MmdbWriter country(String network, String code) throws IOException {
        return with(network, Map.of("country", Map.of("iso_code", code, "names", Map.of("en", "somewhere"))));
    }

    Path write(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (@Nullable Object[] node : nodes) {
            for (Object side : node) {
                long value = side instanceof Long offset
                        ? nodes.size() + SEPARATOR + offset
                        : side instanceof Integer next ? next : nodes.size();
                out.write((int) (value >> 16));
                out.write((int) (value >> 8));
                out.write((int) value);
            }
        }
        out.write(new byte[SEPARATOR]);
        out.write(data.toByteArray());
        out.write(MARK);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("binary_format_major_version", 2);
        metadata.put("binary_format_minor_version", 0);
        metadata.put("build_epoch", 1_780_000_000L);
        metadata.put("database_type", "Test-Country");
        metadata.put("description", Map.of("en", "test"));
        metadata.put("ip_version", 6);
        metadata.put("languages", List.of("en"));
        metadata.put("node_count", nodes.size());
        metadata.put("record_size", 24);
        write(metadata, out);
        return Files.write(file, out.toByteArray());
    }

    private int node() {
        nodes.add(new Object[2]);
        return nodes.size() - 1;
    }

    private static int bit(byte[] bits, int i) {
        return bits[i / 8] >> (7 - i % 8) & 1;
    }

    private static void write(Object value, ByteArrayOutputStream out) throws IOException {
        if (value instanceof Map<?, ?> map) {
            control(7, map.size(), out);
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                write(entry.getKey(), out);
                write(entry.getValue(), out);
            }
        } else if (value instanceof List<?> list) {
            control(11, list.size(), out);
            for (Object element : list) {
                write(element, out);
            }
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            control(2, bytes.length, out);
            out.write(bytes);
        } else {
            long number = ((Number) value).longValue();
            control(value instanceof Long ? 9 : 6, value instanceof Long ? 8 : 4, out);
            for (int shift = value instanceof Long ? 56 : 24; shift >= 0; shift -= 8) {
                out.write((int) (number >> shift));
            }
        }
    }

    /** A type and a size below 29; types above 7 have a byte of their own. */
    private static void control(int type, int size, ByteArrayOutputStream out) {
        out.write((type > 7 ? 0 : type << 5) | size);
        if (type > 7) {
            out.write(type - 7);
        }
    }
}
