package com.esperr.gateway.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Client hellos made value by value, as they stand behind type and length. */
public final class Hellos {
    private int version = 0x0303;
    private int[] ciphers = {};
    private final Map<Integer, byte[]> extensions = new LinkedHashMap<>();

    private Hellos() {}

    /** The browser of the example in the published description of JA4, with GREASE where such browsers put it. */
    public static Hellos browser() {
        return hello().ciphers(
                        0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014,
                        0x009c, 0x009d, 0x002f, 0x0035)
                .extension(0x4a4a)
                .extension(0x001b)
                .serverName("Shop.Test")
                .extension(0x0033)
                .protocols("h2", "http/1.1")
                .extension(0x4469)
                .extension(0x0017)
                .extension(0x002d)
                .signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
                .extension(0x0005)
                .extension(0x0023)
                .extension(0x0012)
                .versions(0x6a6a, 0x0304, 0x0303)
                .extension(0xff01)
                .extension(0x000b)
                .extension(0x000a)
                .extension(0x8a8a)
                .extension(0x0015);
    }

    /** Nothing but the version 1.2. */
    public static Hellos hello() {
        return new Hellos();
    }

    Hellos version(int value) {
        version = value;
        return this;
    }

    Hellos ciphers(int... values) {
        ciphers = values;
        return this;
    }

    Hellos extension(int type, int... body) {
        extensions.put(type, bytes(body));
        return this;
    }

    public Hellos serverName(String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        put(body, text.length + 3);
        body.write(0);
        put(body, text.length);
        body.writeBytes(text);
        extensions.put(0, body.toByteArray());
        return this;
    }

    public Hellos protocols(String... names) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String name : names) {
            list.write(name.length());
            list.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        put(body, list.size());
        body.writeBytes(list.toByteArray());
        extensions.put(16, body.toByteArray());
        return this;
    }

    Hellos signatures(int... values) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        put(body, values.length * 2);
        put(body, values);
        extensions.put(13, body.toByteArray());
        return this;
    }

    Hellos versions(int... values) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(values.length * 2);
        put(body, values);
        extensions.put(43, body.toByteArray());
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, version);
        out.writeBytes(new byte[32]);
        out.write(32);
        out.writeBytes(new byte[32]);
        put(out, ciphers.length * 2);
        put(out, ciphers);
        out.write(1);
        out.write(0);
        if (!extensions.isEmpty()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            extensions.forEach((type, body) -> {
                put(all, type);
                put(all, body.length);
                all.writeBytes(body);
            });
            put(out, all.size());
            out.writeBytes(all.toByteArray());
        }
        return out.toByteArray();
    }

    /** The message as it is read. */
    public ClientHello read() {
        return ClientHello.parse(ByteBuffer.wrap(bytes()));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static void put(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.write(value >> 8);
            out.write(value);
        }
    }
}
