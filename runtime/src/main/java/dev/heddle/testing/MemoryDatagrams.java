// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.net.Datagram;
import dev.heddle.net.DatagramOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A network of datagrams in memory, for tests of programs that use {@link Datagram}. Its ends have any addresses of the Internet, and send to each other.
 * {@link #bind} and {@link #connect} have the arguments, results and failures of those of {@link Datagram}, so that a program to which they are given as functions
 * runs over both. A test sets latency, loss, duplication, reordering and failures: by a function that decides about each datagram, or by
 * probabilities and a seed. Nothing happens by chance: each run of a test has the same faults. On a loop with virtual time, latency costs no time.
 *
 * <pre>{@code
 * MemoryDatagrams network = MemoryDatagrams.create()
 *         .latency(Duration.ofMillis(50))
 *         .arrivals(packet -> packet.number() == 2 ? List.of() : List.of(Duration.ZERO)); // the second one is lost
 * Datagram server = await(network.bind(new InetSocketAddress("10.0.0.1", 53)));
 * Datagram client = await(network.connect(new InetSocketAddress("10.0.0.1", 53)));
 * }</pre>
 *
 * <p>Used on the loop's thread.
 */
public final class MemoryDatagrams {

    /** The first port for ends that ask for any. */
    private static final int FIRST_FREE_PORT = 49_152;

    private static final int LAST_PORT = 65_535;

    /** The most bytes of a datagram over IPv4 and IPv6. */
    private static final int LARGEST_OVER_4 = 65_507;

    private static final int LARGEST_OVER_6 = 65_527;

    private static final InetAddress LOOPBACK_4 = address(new byte[] {127, 0, 0, 1});
    private static final InetAddress LOOPBACK_6 = address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    /**
     * A datagram on its way.
     *
     * @param number counts the datagrams that ends have tried to send in this network, from 1
     * @param sender the address of the sender
     * @param target the address to which it was sent
     * @param bytes the content
     */
    public record Packet(long number, InetSocketAddress sender, InetSocketAddress target, ByteBuffer bytes) {

        /** Returns the content, each time as a new read-only buffer. */
        @Override
        public ByteBuffer bytes() {
            return bytes.asReadOnlyBuffer();
        }
    }

    /** Decides about each datagram. */
    @FunctionalInterface
    public interface Arrivals {

        /**
         * Returns the delay of each copy of {@code packet}, in addition to the latency. An empty list loses the packet, and several delays duplicate it.
         *
         * @throws IOException if the sender cannot send it; the coroutine that sends throws a {@link SocketException} with that as its cause
         */
        List<Duration> of(Packet packet) throws IOException;
    }

    private final EventLoop loop;
    private final MemoryFaults faults = new MemoryFaults();
    private final Map<InetSocketAddress, MemoryEnd> ends = new HashMap<>();

    /** The ends that are bound to a port of every address, by that port. */
    private final Map<Integer, MemoryEnd> wildcards = new HashMap<>();

    /** How many bytes leave an end in a second. */
    private double rate = Double.POSITIVE_INFINITY;

    private long sent;
    private int nextPort = FIRST_FREE_PORT;

    private MemoryDatagrams(EventLoop loop) {
        this.loop = loop;
    }

    /** Makes a network of the running loop. */
    public static MemoryDatagrams create() {
        return new MemoryDatagrams(Asyncio.getRunningLoop());
    }

    // Ends

    /**
     * As {@link Datagram#bind(SocketAddress)}, in this network, in which every address exists. An end at the wildcard address gets what is sent to its port at
     * addresses that no other end has, and sends from the loopback address: a connected end gets its answers only if it is connected to that address. It may
     * share its port with ends at addresses of their own, for which a system wants {@link DatagramOptions#withReuseAddress}.
     *
     * @throws IllegalArgumentException if {@code address} is no address of the Internet
     */
    @CheckReturnValue
    public Coroutine<Datagram> bind(SocketAddress address) throws IOException {
        return bind(address, DatagramOptions.DEFAULT);
    }

    /**
     * As {@link #bind(SocketAddress)}, with the buffers of {@code options}; their other values have no effect. Datagrams that find no room in the receive buffer are
     * lost. Both buffers have 212,992 bytes by default.
     */
    @CheckReturnValue
    public Coroutine<Datagram> bind(SocketAddress address, DatagramOptions options) throws IOException {
        return bound(requireInternet(address), Objects.requireNonNull(options, "options"));
    }

    /**
     * As {@link Datagram#connect(SocketAddress)}, in this network. The end has the loopback address and a port of its own. If nobody receives at {@code address}, what
     * it sends is answered with a {@link PortUnreachableException}, after the latency of both ways.
     *
     * @throws IllegalArgumentException if {@code address} is no address of the Internet
     */
    @CheckReturnValue
    public Coroutine<Datagram> connect(SocketAddress address) throws IOException {
        return connect(address, DatagramOptions.DEFAULT);
    }

    /** As {@link #connect(SocketAddress)}, with the buffers of {@code options}. */
    @CheckReturnValue
    public Coroutine<Datagram> connect(SocketAddress address, DatagramOptions options) throws IOException {
        return connected(requireInternet(address), Objects.requireNonNull(options, "options"));
    }

    @Async
    private Coroutine<Datagram> bound(InetSocketAddress local, DatagramOptions options) throws IOException {
        return Coroutine.of(add(local, null, options));
    }

    @Async
    private Coroutine<Datagram> connected(InetSocketAddress remote, DatagramOptions options) throws IOException {
        InetAddress host = loopback(requireResolved(remote).getAddress());
        return Coroutine.of(add(new InetSocketAddress(host, 0), remote, options));
    }

    private Datagram add(InetSocketAddress asked, @Nullable InetSocketAddress remote, DatagramOptions options)
            throws IOException {
        if (Asyncio.getRunningLoop() != loop) {
            throw new IllegalStateException("this network belongs to another loop; make one for each loop");
        }
        InetSocketAddress local = requireResolved(asked).getPort() == 0 ? withFreePort(asked.getAddress()) : asked;
        if (isTaken(local)) {
            throw new BindException("cannot bind to " + text(local)
                    + " in memory: the address is in use; close the other end, or choose another address or port");
        }
        MemoryEnd end = new MemoryEnd(loop, this, local, remote, options);
        if (local.getAddress().isAnyLocalAddress()) {
            wildcards.put(local.getPort(), end);
        } else {
            ends.put(local, end);
        }
        return Datagram.over(end);
    }

    private boolean isTaken(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? wildcards.containsKey(address.getPort())
                : ends.containsKey(address);
    }

    /** Whether the port of {@code address} is taken there, or an end at the wildcard address would share it. */
    private boolean isPortTaken(InetSocketAddress address) {
        int port = address.getPort();
        return isTaken(address)
                || wildcards.containsKey(port)
                || (address.getAddress().isAnyLocalAddress()
                        && ends.keySet().stream().anyMatch(each -> each.getPort() == port));
    }

    private InetSocketAddress withFreePort(InetAddress address) throws BindException {
        for (int tries = FIRST_FREE_PORT; tries <= LAST_PORT; tries++) {
            InetSocketAddress candidate = new InetSocketAddress(address, nextPort);
            nextPort = nextPort == LAST_PORT ? FIRST_FREE_PORT : nextPort + 1;
            if (!isPortTaken(candidate)) {
                return candidate;
            }
        }
        throw new BindException("all ports of " + address.getHostAddress() + " in memory are in use; close some ends");
    }

    void remove(MemoryEnd end) {
        ends.remove(end.local, end);
        wildcards.remove(end.local.getPort(), end);
    }

    // Settings

    /**
     * Sets how long datagrams that are sent from now on take at least. The default is 0: they are there at once.
     *
     * @throws IllegalArgumentException if {@code time} is negative
     */
    public MemoryDatagrams latency(Duration time) {
        faults.latency = MemoryFaults.notNegative("latency", time);
        return this;
    }

    /**
     * Sets how much longer than the latency a datagram takes at most. A number from the {@link #seed} decides, so that datagrams overtake each other. The default
     * is 0.
     *
     * @throws IllegalArgumentException if {@code most} is negative
     */
    public MemoryDatagrams jitter(Duration most) {
        faults.jitter = MemoryFaults.notNegative("jitter", most);
        return this;
    }

    /**
     * Sets the share of datagrams that are lost, from 0 to 1. A number from the {@link #seed} decides. The default is 0.
     *
     * @throws IllegalArgumentException if {@code probability} is no probability
     */
    public MemoryDatagrams loss(double probability) {
        faults.loss = MemoryFaults.probability("loss", probability);
        return this;
    }

    /**
     * Sets the share of datagrams that arrive twice, from 0 to 1. A number from the {@link #seed} decides. The default is 0.
     *
     * @throws IllegalArgumentException if {@code probability} is no probability
     */
    public MemoryDatagrams duplication(double probability) {
        faults.duplication = MemoryFaults.probability("duplication", probability);
        return this;
    }

    /** Restarts the numbers that decide about {@link #loss}, {@link #duplication} and {@link #jitter}. The default seed is 0. */
    public MemoryDatagrams seed(long seed) {
        faults.random = new SplittableRandom(seed);
        return this;
    }

    /**
     * Lets {@code arrivals} decide what happens to each datagram that is sent from now on. Loss, duplication and jitter apply to every arrival that it returns.
     */
    public MemoryDatagrams arrivals(Arrivals arrivals) {
        faults.arrivals = Objects.requireNonNull(arrivals, "arrivals");
        return this;
    }

    /**
     * Sets how many bytes leave an end in a second. What has not left is in the send buffer of the end, and while that is full, a coroutine that sends
     * waits. The default is no limit.
     *
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public MemoryDatagrams rate(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("the rate is at least one byte in a second, not " + bytes);
        }
        rate = bytes;
        return this;
    }

    /**
     * Lets the next operation of the end at {@code address}, or the one that waits now, fail with {@code failure}.
     *
     * @throws IllegalArgumentException if no end has that address
     */
    public void fail(SocketAddress address, IOException failure) {
        MemoryEnd end = at(requireInternet(address));
        if (end == null) {
            throw new IllegalArgumentException("no end in memory has the address " + address);
        }
        end.fail(Objects.requireNonNull(failure, "failure"));
    }

    // Sending

    /** Sends a copy of {@code bytes}, as the faults have it. */
    void send(MemoryEnd from, InetSocketAddress to, ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        if (size > (to.getAddress() instanceof Inet4Address ? LARGEST_OVER_4 : LARGEST_OVER_6)) {
            throw new SocketException("Message too long");
        }
        ByteBuffer copy = ByteBuffer.allocate(size).put(bytes).flip();
        Packet packet = new Packet(++sent, reached(from.local), reached(to), copy);
        List<Long> delays = faults.delays(packet);
        double departure = departure(from, size);
        for (long delay : delays) {
            if (delay == 0 && rate == Double.POSITIVE_INFINITY) {
                arrive(packet, from, delay);
            } else {
                loop.callAt(departure + delay / 1e9, () -> arrive(packet, from, delay));
            }
        }
    }

    /** Returns when {@code size} bytes that are sent now have left {@code from}. */
    private double departure(MemoryEnd from, int size) {
        if (rate == Double.POSITIVE_INFINITY) {
            return loop.time();
        }
        double departure = Math.max(loop.time(), from.busyUntil) + size / rate;
        from.busyUntil = departure;
        from.keepUntil(departure, size);
        return departure;
    }

    private void arrive(Packet packet, MemoryEnd from, long delay) {
        MemoryEnd receiver = at(packet.target());
        if (receiver != null && receiver.accepts(packet.sender())) {
            receiver.arrive(packet);
        } else if (from.remote != null && delay == 0) {
            from.unreachable();
        } else if (from.remote != null) {
            loop.callLater(delay / 1e9, from::unreachable);
        }
    }

    /** Returns the end that gets what is sent to {@code address}, or null. */
    private @Nullable MemoryEnd at(InetSocketAddress address) {
        MemoryEnd end = ends.get(address);
        return end == null ? wildcards.get(address.getPort()) : end;
    }

    // Addresses

    private static InetSocketAddress requireInternet(SocketAddress address) {
        if (Objects.requireNonNull(address, "address") instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new IllegalArgumentException("datagrams have addresses of the Internet, not " + address);
    }

    private static InetSocketAddress requireResolved(InetSocketAddress address) throws UnknownHostException {
        if (address.isUnresolved()) {
            throw new UnknownHostException(
                    "host \"" + address.getHostString() + "\" has no known address; in memory, use numeric addresses");
        }
        return address;
    }

    /** Returns {@code address}, with the loopback address instead of the wildcard, as systems do. */
    static InetSocketAddress reached(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return host.isAnyLocalAddress() ? new InetSocketAddress(loopback(host), address.getPort()) : address;
    }

    /** Returns the loopback address of the family of {@code address}. */
    private static InetAddress loopback(InetAddress address) {
        return address instanceof Inet4Address ? LOOPBACK_4 : LOOPBACK_6;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible); // only if the number of bytes is wrong
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    @Override
    public String toString() {
        return "<MemoryDatagrams " + (ends.size() + wildcards.size()) + " ends, " + sent + " sent>";
    }
}
