package dev.heddle.internal.io;

import dev.heddle.internal.loop.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches the channels of a loop that cannot wait in a selector, because it is a guest of another loop or waits in the program's own poller. One
 * daemon thread with a selector serves all such loops of the process. It sends each event to its loop, which costs two hand-overs between threads for each wait.
 */
final class ThreadWatch implements ChannelWatch {

    /** The thread and its selector. Started at the first use. */
    static final class Watcher implements Runnable {

        private static @Nullable Watcher started;

        final Selector selector;

        private Watcher(Selector selector) {
            this.selector = selector;
        }

        static synchronized Watcher get() throws IOException {
            if (started == null) {
                Watcher watcher = new Watcher(Selector.open());
                Thread thread = new Thread(watcher, "heddle-selector");
                thread.setDaemon(true);
                thread.start();
                started = watcher;
            }
            return started;
        }

        @Override
        public void run() {
            while (true) {
                try {
                    selector.select(Watcher::ready);
                } catch (IOException failure) {
                    throw new UncheckedIOException("cannot wait for the channels of guest loops", failure);
                }
            }
        }

        /** Tells the loop of {@code key}. A loop may close a channel, or itself, at any time; nobody waits for that channel then. */
        static void ready(SelectionKey key) {
            try {
                int operations = key.readyOps();
                key.interestOpsAnd(~operations);
                Pollable pollable = (Pollable) key.attachment();
                if (!pollable.core.send(new Event(pollable, operations))) {
                    key.cancel();
                }
            } catch (CancelledKeyException closed) {
                // The selection that follows drops the key.
            }
        }
    }

    /** Tells a loop that a channel is ready. */
    private static final class Event extends Step {

        private final Pollable pollable;
        private final int operations;

        Event(Pollable pollable, int operations) {
            this.pollable = pollable;
            this.operations = operations;
        }

        @Override
        protected void step() {
            pollable.ready(operations);
        }
    }

    private final Selector selector;

    /** The channels that are registered and may be open. */
    private final Set<Pollable> pollables = Collections.newSetFromMap(new WeakHashMap<>());

    ThreadWatch() throws IOException {
        this.selector = Watcher.get().selector;
    }

    @Override
    public SelectionKey watch(Pollable pollable, @Nullable SelectionKey key, int operations) {
        SelectionKey registered = key;
        if (registered == null) {
            try {
                registered = pollable.channel.register(selector, operations, pollable);
            } catch (ClosedChannelException closed) {
                throw new CancelledKeyException();
            }
            pollables.add(pollable);
        } else {
            registered.interestOpsOr(operations);
        }
        selector.wakeup();
        return registered;
    }

    @Override
    public void closed(Pollable pollable) {
        pollables.remove(pollable);
        selector.wakeup(); // the selection removes the key
    }

    @Override
    public void close() {
        try {
            for (Pollable pollable : pollables) {
                pollable.channel.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the channels of an event loop", failure);
        } finally {
            selector.wakeup();
        }
    }
}
