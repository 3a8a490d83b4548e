// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of one worker in a {@link WorkersServer}. It accepts connections, or takes those that the part of another worker has accepted. Thread-safe, except
 * for methods that say otherwise.
 */
final class ServerPart {

    final LoopServer server;
    private final Places places;

    /** The channels that are on their way to the loop. The thread that removes one is responsible for it. */
    private final Set<SocketChannel> handedOver = ConcurrentHashMap.newKeySet();

    /** Completed when the server of this part listens no more. */
    final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();

    /** Set before the channels are looked at for the last time. {@link #offer} adds a channel before it reads this field. */
    private volatile boolean ended;

    /** Makes the part of the loop of {@code server}. */
    ServerPart(LoopServer server, Places places) {
        this.server = server;
        this.places = places;
    }

    /**
     * Accepts connections, which are given to {@code recipient}, and takes other ones, until the server is closed and every handler has ended. Called on the
     * loop's thread.
     */
    @Async
    Coroutine<Void> run(LoopServer.Recipient recipient) {
        try {
            server.accept(recipient);
            await(server.waitClosed());
            ended = true;
            handedOver.forEach(this::receive);
            await(server.waitClosed());
        } finally {
            ended = true;
            server.close();
        }
        return Coroutine.done();
    }

    /** Closes the server of this part soon. */
    void stop() {
        boolean posted = post(() -> {
            server.close();
            stopped.complete(null);
        });
        if (!posted) {
            stopped.complete(null);
        }
    }

    /** Returns the number of connections that this part has, or will have soon. */
    int load() {
        return ended ? Integer.MAX_VALUE : server.load() + handedOver.size();
    }

    /** Hands {@code channel} over, which has a place. Returns false if this part takes no more. */
    boolean offer(SocketChannel channel) {
        handedOver.add(channel);
        if (!ended && post(() -> receive(channel))) {
            return true;
        }
        return !handedOver.remove(channel);
    }

    /** Called on the loop's thread. */
    private void receive(SocketChannel channel) {
        if (handedOver.remove(channel)) {
            server.beginAccepted(channel);
        }
    }

    /** Closes the channels that are on their way, and gives the places of all connections back, because the loop has left them. */
    void abandon() {
        ended = true;
        handedOver.forEach(channel -> {
            if (handedOver.remove(channel)) {
                places.giveBack();
                close(channel);
            }
        });
        server.forgetAll();
        stopped.complete(null);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            // The descriptor is gone all the same, and nobody has used it.
        }
    }

    /** Runs {@code callback} on the loop. Returns false if the loop is closed. */
    boolean post(Runnable callback) {
        try {
            server.loop.callSoonThreadsafe(callback);
            return true;
        } catch (IllegalStateException loopIsClosed) {
            return false;
        }
    }
}
