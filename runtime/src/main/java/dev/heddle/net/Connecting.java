// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Timeout;
import dev.heddle.TimeoutException;
import dev.heddle.internal.io.Pollable;
import dev.heddle.race.StaggeredRace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Connects to an address, or to the first address of a host that accepts. */
final class Connecting {

    private final ConnectOptions options;
    private final String host;

    /** The port, or -1 if {@link #address} is known. */
    private final int port;

    private final @Nullable SocketAddress address;

    /** The connections of a race that have been made. The race takes one; the others are closed. */
    private final List<Connection> made = new ArrayList<>(1);

    private Connecting(ConnectOptions options, String host, int port, @Nullable SocketAddress address) {
        this.options = options;
        this.host = host;
        this.port = port;
        this.address = address;
    }

    static Connecting to(SocketAddress address, ConnectOptions options) {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(options, "options");
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            return to(inet.getHostString(), inet.getPort(), options);
        }
        return new Connecting(options, "", -1, address);
    }

    static Connecting to(String host, int port, ConnectOptions options) {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(options, "options");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port + "; ports are 0 to 65535");
        }
        return new Connecting(options, host, port, null);
    }

    /** Connects within the time limit. */
    @Async
    Coroutine<Connection> run() throws IOException {
        Duration limit = options.timeout;
        if (limit == null) {
            return Coroutine.of(await(connectWithTls()));
        }
        Timeout[] used = new Timeout[1];
        try {
            return Coroutine.of(await(Asyncio.timeout(limit, time -> {
                used[0] = time;
                return connectWithTls();
            })));
        } catch (TimeoutException over) {
            if (!used[0].expired()) {
                throw over; // of the resolver
            }
            IOException failure = Failures.connectTimedOut(this.toString(), limit);
            failure.initCause(over);
            throw failure;
        }
    }

    /** Connects, and makes the handshake if there is to be one. If that fails, the connection is closed. */
    @Async
    private Coroutine<Connection> connectWithTls() throws IOException {
        Connection connection = await(connect());
        TlsOptions tls = options.tls;
        if (tls != null) {
            try {
                await(connection.startTls(host.isEmpty() ? tls : tls.forHost(host)));
            } catch (Throwable failure) {
                connection.close();
                throw failure;
            }
        }
        return Coroutine.of(connection);
    }

    @Async
    private Coroutine<Connection> connect() throws IOException {
        if (address != null) {
            return Coroutine.of(await(attempt(address)));
        }
        List<SocketAddress> addresses = await(Resolution.addresses(options.resolver, host, port));
        if (addresses.size() == 1) {
            return Coroutine.of(await(attempt(addresses.get(0))));
        }
        return Coroutine.of(await(race(addresses)));
    }

    @Async
    private Coroutine<Connection> race(List<SocketAddress> addresses) throws IOException {
        List<AsyncSupplier<Connection>> attempts = new ArrayList<>();
        for (SocketAddress each : addresses) {
            attempts.add(() -> attempt(each));
        }
        Connection winner = null;
        StaggeredRace.Outcome<Connection> outcome;
        try {
            outcome = await(StaggeredRace.run(attempts, options.happyEyeballsDelay));
            winner = outcome.result();
        } finally {
            for (Connection each : made) {
                if (each != winner) {
                    each.close();
                }
            }
        }
        if (winner == null) {
            throw failure(outcome.failures());
        }
        return Coroutine.of(winner);
    }

    private IOException failure(List<@Nullable Throwable> failures) {
        List<IOException> all = new ArrayList<>();
        for (Throwable each : failures) {
            if (each instanceof IOException io) {
                all.add(io);
            } else if (each != null) {
                all.add(new IOException("cannot connect to " + this + ": " + each, each));
            }
        }
        return Failures.connectAll(toString(), all);
    }

    @Async
    private Coroutine<Connection> attempt(SocketAddress target) throws IOException {
        SocketChannel channel;
        Pollable pollable;
        try {
            channel = target instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
            pollable = Pollable.of(Asyncio.getRunningLoop(), channel);
        } catch (IOException failure) {
            throw Failures.noSocket("cannot connect to " + Failures.text(target), failure);
        }
        try {
            options.settings.apply(channel);
            SocketAddress local = options.localAddress;
            if (local != null) {
                bind(channel, local);
            }
            boolean connected = start(channel, target);
            while (!connected) {
                await(pollable.connectable());
                connected = finish(channel, target);
            }
        } catch (Throwable failure) {
            pollable.close();
            throw failure;
        }
        Connection connection = Connection.over(new SocketTransport(channel, pollable), options.settings);
        made.add(connection);
        return Coroutine.of(connection);
    }

    private static void bind(SocketChannel channel, SocketAddress local) throws IOException {
        try {
            channel.bind(local);
        } catch (IOException failure) {
            throw Failures.bind(local, failure);
        } catch (UnresolvedAddressException | UnsupportedAddressTypeException unsuitable) {
            throw Failures.unsuitable("cannot bind the socket that connects to", local, unsuitable);
        }
    }

    private boolean start(SocketChannel channel, SocketAddress target) throws IOException {
        try {
            return channel.connect(target);
        } catch (IOException failure) {
            throw Failures.connect(target, options.localAddress != null, failure);
        } catch (UnsupportedAddressTypeException unsuitable) {
            throw Failures.unsuitable("cannot connect to", target, unsuitable);
        }
    }

    private boolean finish(SocketChannel channel, SocketAddress target) throws IOException {
        try {
            return channel.finishConnect();
        } catch (IOException failure) {
            throw Failures.connect(target, options.localAddress != null, failure);
        }
    }

    @Override
    public String toString() {
        return address == null ? host + ":" + port : Failures.text(address);
    }
}
