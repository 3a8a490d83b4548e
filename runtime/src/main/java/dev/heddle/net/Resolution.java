// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the addresses to which {@link Net} connects or binds. */
final class Resolution {

    /** A number from 0 to 255. */
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

    /** What the JDK takes for a numeric address, so that it asks no name server. No host name has a colon. */
    private static final Pattern NUMERIC = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE + "|.*:.*");

    private Resolution() {}

    /** Whether {@code host} is an address and no name. */
    static boolean isNumeric(String host) {
        return NUMERIC.matcher(host).matches();
    }

    @Async
    static Coroutine<List<InetAddress>> bySystem(String host) throws IOException {
        if (isNumeric(host)) {
            return Coroutine.of(List.of(InetAddress.getByName(host)));
        }
        return Coroutine.of(
                await(Asyncio.getRunningLoop().runInExecutor(null, () -> List.of(InetAddress.getAllByName(host)))));
    }

    /** Returns the addresses of {@code host} with {@code port}, in the order in which they should be tried. */
    @Async
    static Coroutine<List<SocketAddress>> addresses(Resolver resolver, String host, int port) throws IOException {
        List<InetAddress> found;
        try {
            found = await(resolver.resolve(host));
        } catch (IOException failure) {
            throw Failures.unknownHost(host, failure);
        }
        if (found.isEmpty()) {
            throw Failures.unknownHost(host, null);
        }
        List<SocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : interleaved(found)) {
            addresses.add(new InetSocketAddress(address, port));
        }
        return Coroutine.of(addresses);
    }

    /** Returns {@code addresses} with every address of those that are unresolved. */
    @Async
    static Coroutine<List<SocketAddress>> resolved(List<SocketAddress> addresses) throws IOException {
        List<SocketAddress> resolved = new ArrayList<>();
        for (SocketAddress each : addresses) {
            if (each instanceof InetSocketAddress inet && inet.isUnresolved()) {
                resolved.addAll(await(addresses(Resolver.system(), inet.getHostString(), inet.getPort())));
            } else {
                resolved.add(each);
            }
        }
        return Coroutine.of(resolved);
    }

    /** Returns {@code found} with the two families taking turns, as RFC 8305 demands. The family of the first address begins. */
    static List<InetAddress> interleaved(List<InetAddress> found) {
        Deque<InetAddress> first = new ArrayDeque<>();
        Deque<InetAddress> second = new ArrayDeque<>();
        for (InetAddress address : found) {
            boolean likeFirst = address instanceof Inet6Address == found.get(0) instanceof Inet6Address;
            (likeFirst ? first : second).add(address);
        }
        List<InetAddress> order = new ArrayList<>();
        while (!first.isEmpty() || !second.isEmpty()) {
            if (!first.isEmpty()) {
                order.add(first.remove());
            }
            if (!second.isEmpty()) {
                order.add(second.remove());
            }
        }
        return order;
    }
}
