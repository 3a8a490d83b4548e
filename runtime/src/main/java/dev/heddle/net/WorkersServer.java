// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server whose connections are spread over {@link Workers}. Each worker runs a {@link ServerPart}, as a coroutine that was submitted to it. */
final class WorkersServer implements Server {

    private static final boolean LINUX = Files.isDirectory(Path.of("/proc/self/fd"));

    private final Workers workers;
    private final ServeOptions options;
    private final AsyncFunction<Connection, Void> handler;
    private final Places places;

    /** Whether each worker listens. If not, the first one does, and hands connections over. */
    private final boolean listensOnEach;

    /** The part of each worker. Null if there is none, or not yet. */
    private final AtomicReferenceArray<@Nullable ServerPart> parts;

    /** The number of workers whose coroutine has not ended. */
    private final AtomicInteger running = new AtomicInteger();

    private volatile List<SocketAddress> addresses = List.of();

    /** Completed by {@link #close}. */
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    /** Completed when this server is closed and no worker runs a part. */
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    private final AtomicBoolean serving = new AtomicBoolean();

    /** Where the search for the part with the fewest connections begins. Used on the thread that accepts. */
    private int next;

    private WorkersServer(
            Workers workers, ServeOptions options, AsyncFunction<Connection, Void> handler, boolean listensOnEach) {
        this.workers = workers;
        this.parts = new AtomicReferenceArray<>(workers.size());
        this.options = listensOnEach ? options.withReusePort(true) : options;
        this.handler = handler;
        this.places = new Places(options.mostConnections);
        this.listensOnEach = listensOnEach;
    }

    /** Whether each worker can listen at {@code addresses}, so that the system distributes the connections evenly. Other systems than Linux do not. */
    static boolean listensOnEach(List<SocketAddress> addresses) {
        return LINUX && addresses.stream().allMatch(InetSocketAddress.class::isInstance);
    }

    @Async
    static Coroutine<Server> start(
            Workers workers,
            List<SocketAddress> addresses,
            ServeOptions options,
            AsyncFunction<Connection, Void> handler,
            boolean listensOnEach)
            throws IOException {
        List<SocketAddress> resolved = await(Resolution.resolved(addresses));
        if (listensOnEach && !options.reusePort) {
            for (SocketAddress each : resolved) {
                Listener.requireFree(each); // the program may have been started twice
            }
        }
        WorkersServer server = new WorkersServer(workers, options, handler, listensOnEach);
        Runnable takeBack = workers.onShutdown(server::close);
        CompletableFuture<Void> unused = server.closed.thenRun(takeBack);
        try {
            server.addresses = await(server.begin(0, resolved));
            for (int worker = 1; worker < workers.size(); worker++) {
                await(server.begin(worker, server.addressesOf(worker)));
            }
        } catch (Throwable failure) {
            List<CompletableFuture<?>> stopped = new ArrayList<>();
            server.forEach(part -> stopped.add(part.stopped));
            server.close();
            await(CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new))); // so that the addresses are free
            throw failure;
        }
        return Coroutine.of(server);
    }

    private List<SocketAddress> addressesOf(int worker) {
        return listensOnEach || worker == 0 ? addresses : List.of();
    }

    // The workers

    /** Lets {@code worker} listen at {@code where}. The future has the addresses where it listens. */
    private CompletableFuture<List<SocketAddress>> begin(int worker, List<SocketAddress> where) {
        CompletableFuture<List<SocketAddress>> listening = new CompletableFuture<>();
        running.incrementAndGet(); // before the submission, as close() may come between
        CompletableFuture<Void> work;
        try {
            work = workers.submit(worker, () -> serve(worker, where, listening));
        } catch (Throwable refused) {
            end();
            throw refused;
        }
        CompletableFuture<Void> unused = work.whenComplete((done, failure) -> ended(worker, listening, failure));
        return listening;
    }

    /** Serves in {@code worker}, until the server is closed and every handler has ended. */
    @Async
    private Coroutine<Void> serve(
            int worker, List<SocketAddress> where, CompletableFuture<List<SocketAddress>> listening)
            throws IOException {
        LoopServer server = new LoopServer(Asyncio.getRunningLoop(), options, places, handler);
        ServerPart part = new ServerPart(server, places);
        parts.set(worker, part);
        listening.complete(server.listen(where));
        if (isClosed()) { // perhaps before this part was among the others
            server.close();
        }
        return part.run(listensOnEach ? server::begin : channel -> handOver(part, channel));
    }

    /** Gives {@code channel}, which {@code acceptor} has accepted, to the part with the fewest connections. */
    private void handOver(ServerPart acceptor, SocketChannel channel) throws IOException {
        ServerPart least = acceptor;
        int leastLoad = Integer.MAX_VALUE;
        next++;
        for (int i = 0; i < parts.length(); i++) {
            ServerPart part = parts.get(Math.floorMod(next + i, parts.length()));
            if (part != null && part.load() < leastLoad) {
                least = part;
                leastLoad = part.load();
            }
        }
        if (least == acceptor || !least.offer(channel)) {
            acceptor.server.begin(channel);
        }
    }

    /** Called when {@code worker} has stopped to serve. If it has died, its successor goes on; in all other cases, this is the end of the server. */
    private void ended(int worker, CompletableFuture<List<SocketAddress>> listening, @Nullable Throwable failure) {
        ServerPart part = parts.getAndSet(worker, null);
        if (part != null) {
            part.abandon();
        }
        boolean neverListened = failure != null && listening.completeExceptionally(failure);
        boolean died = failure instanceof IllegalStateException && !neverListened;
        if (!died || !goesOn(worker)) {
            close();
        }
        end();
    }

    private void end() {
        if (running.decrementAndGet() == 0 && isClosed()) {
            ended.complete(null);
        }
    }

    /** Lets the successor of {@code worker} serve, and returns whether there is one. */
    private boolean goesOn(int worker) {
        if (isClosed()) {
            return false;
        }
        try {
            CompletableFuture<?> unused = begin(worker, addressesOf(worker)).whenComplete((where, failure) -> {
                if (failure != null) {
                    System.getLogger("dev.heddle")
                            .log(Level.ERROR, this + " is closed, as the successor of a worker cannot listen", failure);
                }
            });
            return true;
        } catch (IllegalStateException shutDown) {
            return false;
        }
    }

    private void forEach(Consumer<ServerPart> action) {
        for (int worker = 0; worker < parts.length(); worker++) {
            ServerPart part = parts.get(worker);
            if (part != null) {
                action.accept(part);
            }
        }
    }

    // The server

    @Override
    public List<SocketAddress> localAddresses() {
        return isClosed() ? List.of() : addresses;
    }

    @Override
    public Set<Connection> connections() {
        Set<Connection> all = new HashSet<>();
        forEach(part -> all.addAll(part.server.connections()));
        return Set.copyOf(all);
    }

    @Override
    public boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public void close() {
        if (closed.complete(null)) {
            forEach(ServerPart::stop);
            if (running.get() == 0) {
                ended.complete(null);
            }
        }
    }

    @Override
    public void closeClients() {
        forEach(part -> part.post(part.server::closeClients));
    }

    @Override
    @Async
    public Coroutine<Void> waitClosed() {
        await(ended.copy());
        return Coroutine.done();
    }

    @Override
    @Async
    public Coroutine<Void> serveForever() {
        if (isClosed()) {
            throw new IllegalStateException(this + " is closed; call Net.serve again");
        }
        if (!serving.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    this + " is already being served by another serveForever(); await that one");
        }
        try {
            await(closed.copy());
        } catch (CancelledError cancelled) {
            close();
            closeClients();
            throw cancelled;
        } finally {
            serving.set(false);
        }
        return Coroutine.done();
    }

    @Override
    public String toString() {
        return "<Server "
                + (isClosed()
                        ? "closed"
                        : addresses.stream().map(Failures::text).toList()) + " connections="
                + connections().size() + " " + workers + ">";
    }
}
