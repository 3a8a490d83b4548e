package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Semaphore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The connections to one server: a limited number in use, and those that wait for their next request. */
final class Pool {

    private final Origin origin;
    private final Semaphore permits;
    private final Deque<Connection> idle = new ArrayDeque<>();

    Pool(Origin origin, int connections) {
        this.origin = origin;
        this.permits = new Semaphore(connections);
    }

    /** Waits until a connection may be used, and prefers one that is open already. */
    @Async
    Coroutine<Lease> take() throws IOException {
        Lock.Held permit = await(permits.acquire());
        try {
            Connection open = idle.pollLast();
            return Coroutine.of(new Lease(
                    this,
                    permit,
                    open == null ? await(Net.connect(origin.address(), origin.port())) : open,
                    open != null));
        } catch (Throwable failure) {
            permit.close();
            throw failure;
        }
    }

    void add(Connection connection) {
        idle.addLast(connection);
    }

    void close() {
        idle.forEach(Connection::close);
        idle.clear();
    }
}
