import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds many kept connections open: each sends one GET, reads its answer, and is then idle. A program of one file for {@code
 * idle.sh}, run as {@code java IdleConnections.java HOST PORT COUNT ORIGIN-PORT}; confined to the main thread but for the
 * little origin that it also is.
 *
 * <p>Prints {@code open COUNT} when all are idle, then for each line of standard input asks once more on every connection and
 * prints {@code answered COUNT}, and ends with the input. Exit code 1 if a connection closes, is refused or answers not 200.
 */
public final class IdleConnections {
    private static final int CONNECTING_AT_ONCE = 200;
    /** From one address there are not enough ports for more. */
    private static final int PER_SOURCE_ADDRESS = 20_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final byte[] BODY = "hello from the origin\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress target;
    private final byte[] request;
    private final Selector selector = Selector.open();
    private final ByteBuffer scratch = ByteBuffer.allocate(16 * 1024);
    private final List<Connection> connections = new ArrayList<>();

    private IdleConnections(InetSocketAddress target) throws IOException {
        this.target = target;
        this.request = ("GET /products/42 HTTP/1.1\r\nHost: " + target.getHostString()
                        + "\r\nUser-Agent: Mozilla/5.0\r\nAccept: text/html\r\nAccept-Language: en\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: java IdleConnections.java HOST PORT COUNT ORIGIN-PORT");
            System.exit(2);
        }
        int count = Integer.parseInt(arguments[2]);
        HttpServer origin = origin(Integer.parseInt(arguments[3]));
        IdleConnections held =
                new IdleConnections(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
        try {
            held.open(count);
            System.out.println("open " + count);
            while (nextLine()) {
                held.askAgain();
                System.out.println("answered " + count);
            }
        } catch (IOException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } finally {
            origin.stop(0);
        }
    }

    private static HttpServer origin(int port) throws IOException {
        // It would close kept connections beyond 200, and the gateway would be blamed for an answer it never got.
        System.setProperty("sun.net.httpserver.maxIdleConnections", "20000");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Whether there is another line on standard input. */
    private static boolean nextLine() throws IOException {
        int read = System.in.read();
        while (read >= 0 && read != '\n') {
            read = System.in.read();
        }
        return read == '\n';
    }

    private void open(int count) throws IOException {
        for (int opened = 0; opened < count; opened += CONNECTING_AT_ONCE) {
            int until = Math.min(count, opened + CONNECTING_AT_ONCE);
            for (int i = opened; i < until; i++) {
                connections.add(connect(i));
            }
            awaitAnswers(until - opened);
        }
    }

    private Connection connect(int index) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        if (target.getAddress().isLoopbackAddress() && index >= PER_SOURCE_ADDRESS) {
            channel.bind(new InetSocketAddress("127.0.0." + (1 + index / PER_SOURCE_ADDRESS), 0));
        }
        Connection connection = new Connection(channel);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, connection);
        if (channel.connect(target)) {
            connected(key, connection);
        }
        return connection;
    }

    private void askAgain() throws IOException {
        for (int asked = 0; asked < connections.size(); asked += CONNECTING_AT_ONCE) {
            int until = Math.min(connections.size(), asked + CONNECTING_AT_ONCE);
            for (Connection connection : connections.subList(asked, until)) {
                send(connection);
            }
            awaitAnswers(until - asked);
        }
    }

    private void awaitAnswers(int expected) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        int answered = 0;
        while (answered < expected) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IllegalStateException(answered + " answers of " + expected + " in time");
            }
            selector.select(left);
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (key.isConnectable()) {
                    connection.channel.finishConnect();
                    connected(key, connection);
                } else if (key.isReadable() && read(connection)) {
                    answered++;
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void connected(SelectionKey key, Connection connection) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        send(connection);
    }

    private void send(Connection connection) throws IOException {
        connection.missing = -1;
        connection.head.setLength(0);
        // A request of 150 bytes on an idle connection always fits into its send buffer.
        if (connection.channel.write(ByteBuffer.wrap(request)) < request.length) {
            throw new IllegalStateException("the request was not taken in one piece");
        }
    }

    /** Reads what is there; whether the answer is complete now. */
    private boolean read(Connection connection) throws IOException {
        scratch.clear();
        int length = connection.channel.read(scratch);
        if (length < 0) {
            throw new IllegalStateException("a connection was closed by the server");
        }
        if (connection.missing < 0) {
            connection.head.append(new String(scratch.array(), 0, length, StandardCharsets.ISO_8859_1));
            int end = connection.head.indexOf(new String(END_OF_HEAD, StandardCharsets.US_ASCII));
            if (end < 0) {
                return false;
            }
            connection.missing = bodyLength(connection.head.substring(0, end));
            length = connection.head.length() - end - END_OF_HEAD.length;
        }
        connection.missing -= length;
        if (connection.missing < 0) {
            throw new IllegalStateException("more bytes than the answer has");
        }
        return connection.missing == 0;
    }

    private static int bodyLength(String head) {
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IllegalStateException("not answered 200: " + head.lines().findFirst().orElse(""));
        }
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .findFirst()
                .map(line -> Integer.parseInt(line.substring(15).strip()))
                .orElseThrow(() -> new IllegalStateException("an answer without content-length"));
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final StringBuilder head = new StringBuilder();
        /** Bytes of the body that are yet to come; negative before the head is complete. */
        private int missing;

        private Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }
}
