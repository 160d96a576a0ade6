package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A scripted name server over UDP on a free loopback port, with a thread of its own. What it was not told does not exist. */
public final class TestDns implements AutoCloseable {
    private static final int A = 1;
    private static final int PTR = 12;
    private static final int AAAA = 28;
    private static final int NXDOMAIN = 3;
    private static final int SERVFAIL = 2;

    private final DatagramSocket socket;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();

    private enum How {
        ANSWER,
        SILENT,
        BROKEN,
        FORGED_FIRST
    }

    private record Answer(How how, int seconds, List<byte[]> data) {}

    private TestDns(DatagramSocket socket) {
        this.socket = socket;
        Thread thread = new Thread(this::serve, "test-dns");
        thread.setDaemon(true);
        thread.start();
    }

    public static TestDns start() {
        try {
            return new TestDns(new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0)));
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        }
    }

    /** Where it can be asked, as configuration writes it. */
    public String authority() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** These are the names of {@code address}. */
    public TestDns pointer(String address, int seconds, String... names) {
        answers.put(
                key(PTR, reversed(address)),
                new Answer(
                        How.ANSWER,
                        seconds,
                        List.of(names).stream().map(TestDns::name).toList()));
        return this;
    }

    /** These are the addresses of {@code name}. */
    public TestDns addresses(String name, int seconds, String... addresses) {
        List<byte[]> data = List.of(addresses).stream().map(TestDns::bytes).toList();
        int type = data.stream().anyMatch(bytes -> bytes.length == 16) ? AAAA : A;
        answers.put(key(type, name), new Answer(How.ANSWER, seconds, data));
        return this;
    }

    /** Says nothing when asked for the names of {@code address}. */
    public TestDns silentAbout(String address) {
        answers.put(key(PTR, reversed(address)), new Answer(How.SILENT, 0, List.of()));
        return this;
    }

    /** Says nothing when asked for the IPv4 addresses of {@code name}. */
    public TestDns silentAboutName(String name) {
        answers.put(key(A, name), new Answer(How.SILENT, 0, List.of()));
        return this;
    }

    /** Answers that it cannot answer about the names of {@code address}. */
    public TestDns broken(String address) {
        answers.put(key(PTR, reversed(address)), new Answer(How.BROKEN, 0, List.of()));
        return this;
    }

    /** First sends an answer under another number, as somebody who guesses would, with {@code forged} as the name. */
    public TestDns forgedFirst(String address, String forged, String name) {
        answers.put(key(PTR, reversed(address)), new Answer(How.FORGED_FIRST, 300, List.of(name(forged), name(name))));
        return this;
    }

    /** The questions so far, as type and name. */
    public List<String> questions() {
        return questions;
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                answer(ByteBuffer.wrap(buffer, 0, packet.getLength()), packet);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(ByteBuffer query, DatagramPacket from) throws IOException {
        int id = query.getShort(0) & 0xffff;
        query.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        query.getShort();
        String key = key(type, name.toString());
        questions.add(key);
        Answer answer = answers.get(key);
        byte[] question = new byte[query.position() - 12];
        query.get(12, question);
        if (answer == null) {
            send(id, NXDOMAIN, question, type, 0, List.of(), from);
        } else if (answer.how == How.BROKEN) {
            send(id, SERVFAIL, question, type, 0, List.of(), from);
        } else if (answer.how == How.FORGED_FIRST) {
            send(id + 1, 0, question, type, answer.seconds, answer.data.subList(0, 1), from);
            send(id, 0, question, type, answer.seconds, answer.data.subList(1, 2), from);
        } else if (answer.how == How.ANSWER) {
            send(id, 0, question, type, answer.seconds, answer.data, from);
        }
    }

    private void send(int id, int code, byte[] question, int type, int seconds, List<byte[]> data, DatagramPacket to)
            throws IOException {
        ByteBuffer out = ByteBuffer.allocate(1500);
        out.putShort((short) id).putShort((short) (0x8180 | code));
        out.putShort((short) 1).putShort((short) data.size()).putInt(0);
        out.put(question);
        for (byte[] one : data) {
            out.putShort((short) 0xc00c).putShort((short) type).putShort((short) 1);
            out.putInt(seconds).putShort((short) one.length).put(one);
        }
        socket.send(new DatagramPacket(out.array(), out.position(), to.getSocketAddress()));
    }

    private static String key(int type, String name) {
        return (type == A ? "A " : type == AAAA ? "AAAA " : "PTR ") + name;
    }

    private static String reversed(String address) {
        byte[] bytes = bytes(address);
        StringBuilder name = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int octet = bytes[i] & 0xff;
            name.append(
                    bytes.length == 4
                            ? octet + "."
                            : Integer.toHexString(octet & 15) + "." + Integer.toHexString(octet >> 4) + ".");
        }
        return name.append(bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (IOException noAddress) {
            throw new UncheckedIOException(noAddress);
        }
    }

    private static byte[] name(String name) {
        ByteBuffer out = ByteBuffer.allocate(256);
        for (String label : name.split("\\.")) {
            out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.put((byte) 0);
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    @Override
    public void close() {
        socket.close();
    }
}
