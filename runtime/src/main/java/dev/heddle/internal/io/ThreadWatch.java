// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.io;

import dev.heddle.internal.loop.ClosingAll;
import dev.heddle.internal.loop.Step;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the channels of a loop that cannot wait in a selector, because it is a guest of another loop or waits in the program's own poller. One
 * daemon thread with a selector serves all such loops of the process. It sends each event to its loop, which costs two hand-overs between threads for each wait.
 */
final class ThreadWatch extends ChannelWatch {

    /** The thread and its selector. Started at the first use. */
    static final class Watcher implements Runnable {

        private static @Nullable Watcher started;

        private static final System.Logger LOG = System.getLogger("dev.heddle");

        /** How long {@link #awaitRemoval} waits at most. */
        private static final long MOST_NANOS = 1_000_000_000;

        final Selector selector;

        /** How many threads wait for the end of a selection. Written in synchronized methods. */
        private volatile int waiting;

        /** The number of selections that have ended while a thread waited for that. */
        private long rounds;

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
                } catch (IOException | RuntimeException | Error failure) {
                    LOG.log(Level.ERROR, "waiting for the channels of guest loops has failed, and goes on", failure);
                }
                if (waiting > 0) {
                    endRound();
                }
            }
        }

        private synchronized void endRound() {
            rounds++;
            notifyAll();
        }

        /**
         * Waits until the keys of the channels that the caller has closed are removed. That is so after two selections, as the first may be past the removal of keys
         * already. The time is limited, because a host may block this thread.
         */
        @SuppressWarnings("NonAtomicOperationOnVolatileField") // written in synchronized methods only
        synchronized void awaitRemoval() {
            waiting++;
            try {
                long end = System.nanoTime() + MOST_NANOS;
                for (int round = 0; round < 2; round++) {
                    selector.wakeup();
                    long before = rounds;
                    long left = end - System.nanoTime();
                    while (rounds == before && left > 0) {
                        TimeUnit.NANOSECONDS.timedWait(this, left);
                        left = end - System.nanoTime();
                    }
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt(); // the key is removed soon all the same
            } finally {
                waiting--;
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
            } catch (Throwable refused) {
                // The host of the loop has refused, or the program's poller. This thread goes on for the other loops.
                LOG.log(Level.WARNING, "a loop does not learn that " + key.channel() + " is ready", refused);
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

    private final Watcher watcher;

    ThreadWatch() throws IOException {
        this.watcher = Watcher.get();
    }

    @Override
    SelectionKey watch(Pollable pollable, @Nullable SelectionKey key, int operations) {
        SelectionKey registered = key;
        if (registered == null) {
            try {
                registered = pollable.channel.register(watcher.selector, operations, pollable);
            } catch (ClosedChannelException closed) {
                throw new CancelledKeyException();
            }
        } else {
            registered.interestOpsOr(operations);
        }
        watcher.selector.wakeup();
        return registered;
    }

    @Override
    void closed(Pollable pollable) {
        super.closed(pollable);
        if (pollable.channel instanceof NetworkChannel && !(pollable.channel instanceof SocketChannel)) {
            watcher.awaitRemoval(); // until then the system keeps the address of the channel in use
        } else {
            watcher.selector.wakeup(); // the selection removes the key
        }
    }

    @Override
    public void close() {
        ClosingAll all = new ClosingAll();
        closeChannels(all);
        watcher.awaitRemoval();
        all.end();
    }
}
