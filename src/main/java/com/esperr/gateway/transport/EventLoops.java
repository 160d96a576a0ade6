package com.esperr.gateway.transport;

import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.IpAddress;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that do all the work, with what belongs to them: the transport, the memory they share out and the resolver
 * of names. Thread-safe; started once and closed once by the composition.
 */
public final class EventLoops implements AutoCloseable {
    private static final FastThreadLocal<EventLoop> CURRENT = new FastThreadLocal<>();
    private static final long CLOSE_TIMEOUT_SECONDS = 5;
    private static final int DNS_QUERY_TIMEOUT_MILLIS = 2000;
    private static final int PAGE_SIZE = 8192;
    // Chunks of 1 MiB: a quiet gateway keeps little, a busy one grows in small steps.
    private static final int CHUNK_ORDER = 7;
    private static final int SMALL_CACHE = 256;
    private static final int NORMAL_CACHE = 64;

    private final Sockets sockets;
    private final int size;
    private final List<HostPort> nameServers;
    private final EventLoopGroup group;
    private final PooledByteBufAllocator allocator;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private InheritedSockets inherited = new InheritedSockets(List.of());

    private EventLoops(Sockets sockets, int size, List<HostPort> nameServers) {
        this.sockets = sockets;
        this.size = size;
        this.nameServers = nameServers;
        this.group = new MultiThreadIoEventLoopGroup(size, new DefaultThreadFactory("loop"), sockets.factory());
        // Pooled, not adaptive: here a buffer is nearly always released by the loop that took it, which is the case the
        // arena's thread caches answer without a lock, and one arena a loop keeps loops out of each other's way. Heap
        // buffers are rare and come from the heap itself.
        this.allocator =
                new PooledByteBufAllocator(true, 0, size, PAGE_SIZE, CHUNK_ORDER, SMALL_CACHE, NORMAL_CACHE, false);
        this.resolver = new DnsAddressResolverGroup(dns().queryTimeoutMillis(DNS_QUERY_TIMEOUT_MILLIS));
        for (EventExecutor executor : group) {
            executor.execute(() -> CURRENT.set((EventLoop) executor));
        }
    }

    /**
     * Starts the threads.
     *
     * @throws IllegalStateException if a way of driving sockets is demanded that does not work here
     */
    public static EventLoops start(TransportConfig config) {
        return new EventLoops(Sockets.of(config.transport()), config.loops(), config.nameServers());
    }

    /** Remembers what was given to this process to listen on; before anybody does. */
    public void inherit(InheritedSockets sockets) {
        inherited = sockets;
    }

    /** What was given to this process to listen on. */
    public InheritedSockets inherited() {
        return inherited;
    }

    /** All loops, for a listener. */
    public EventLoopGroup group() {
        return group;
    }

    /** How many loops there are. */
    public int size() {
        return size;
    }

    /** Whether this way of driving sockets works here. */
    public static boolean available(TransportConfig.Transport transport) {
        return Sockets.unavailable(transport) == null;
    }

    /** The transport in use: {@code epoll}, {@code io_uring}, {@code kqueue} or {@code nio}. */
    public String name() {
        return sockets.name();
    }

    /** One of the loops, always another, for work that belongs to no connection; it must not be shut down. */
    public ScheduledExecutorService next() {
        return group.next();
    }

    /** The type of listening sockets. */
    public Class<? extends ServerSocketChannel> serverChannel() {
        return sockets.server();
    }

    /** The type of outgoing connections. */
    public Class<? extends SocketChannel> clientChannel() {
        return sockets.client();
    }

    /** The type of UDP sockets. */
    public Class<? extends DatagramChannel> datagramChannel() {
        return sockets.datagram();
    }

    /** The type of sockets that listen on a path. */
    public Class<? extends ServerChannel> unixServerChannel() {
        return sockets.unixServer();
    }

    /** The type of connections to a path. */
    public Class<? extends Channel> unixClientChannel() {
        return sockets.unixClient();
    }

    /** The address of a unix socket, to listen on or to connect to. */
    public SocketAddress unixAddress(Path path) {
        return sockets.unixAddress(path);
    }

    /** Whether several sockets may listen on one TCP port and share its connections out (SO_REUSEPORT). */
    public boolean sharesPorts() {
        return sockets.sharesPorts();
    }

    /** Where every channel takes its buffers from. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /**
     * Waits until every loop has ended what it does just now, at most {@code limit}: then none of them works with anything that was replaced
     * before this was called and is looked up anew in each task. Blocks, and so is not for event loops.
     */
    public void awaitTurn(Duration limit) {
        CountDownLatch left = new CountDownLatch(size);
        for (EventExecutor loop : group) {
            loop.execute(left::countDown);
        }
        try {
            var unused = left.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks names up without blocking: /etc/hosts first, then the configured servers, or the system's. */
    public AddressResolverGroup<InetSocketAddress> resolver() {
        return resolver;
    }

    /** Makes resolvers of names that use the transport of these loops. */
    DnsNameResolverBuilder dns() {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder()
                .datagramChannelType(sockets.datagram())
                .socketChannelType(sockets.client());
        return nameServers.isEmpty()
                ? builder
                : builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(
                        nameServers.stream().map(EventLoops::socketAddress).toList()));
    }

    /** Bytes of memory outside the heap that are held for buffers, in use or cached. */
    public long directMemoryUsed() {
        return allocator.metric().usedDirectMemory();
    }

    /** Tasks that wait on the loops, as of now. */
    public long pendingTasks() {
        long tasks = 0;
        for (EventExecutor loop : group) {
            if (loop instanceof SingleThreadEventExecutor executor) {
                tasks += executor.pendingTasks();
            }
        }
        return tasks;
    }

    /** The address to connect to: resolved if the host is an address, else to be looked up by {@link #resolver()}. */
    public static InetSocketAddress socketAddress(HostPort endpoint) {
        IpAddress literal = endpoint.address();
        return literal == null
                ? InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port())
                : new InetSocketAddress(literal.inetAddress(), endpoint.port());
    }

    /**
     * The loop whose thread calls, for those who have work done on the loop they are on.
     *
     * @throws IllegalStateException on any other thread
     */
    public static ScheduledExecutorService here() {
        EventLoop loop = current();
        if (loop == null) {
            throw new IllegalStateException(
                    "thread: " + Thread.currentThread().getName() + " (expected: an event loop of the gateway)");
        }
        return loop;
    }

    /** The loop whose thread calls, or null on any other thread. */
    static @Nullable EventLoop current() {
        return CURRENT.getIfExists();
    }

    /** Stops the threads, waiting at most a few seconds; called from outside the loops. */
    @Override
    public void close() {
        resolver.close();
        group.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS + 1, TimeUnit.SECONDS);
    }
}
