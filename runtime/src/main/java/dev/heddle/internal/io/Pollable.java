// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.io;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.report.Throwables;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel of a loop, for which a coroutine can wait until it is readable, and another until it is writable. The channel is registered once, at the
 * first wait. What the selector watches for is taken back only when an event finds nobody waiting, so that a connection that is read again and again
 * costs no system calls but its reads.
 *
 * <p>Used on the loop's thread.
 */
public final class Pollable {

    static final int READING = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    static final int WRITING = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    final LoopCore core;
    final SelectableChannel channel;

    private final ChannelWatch watch;

    /** The channel's key. Null before the first wait. */
    private @Nullable SelectionKey key;

    /** The waits of the last reader and of the last writer. */
    private @Nullable Readiness reading;

    private @Nullable Readiness writing;

    /** The neighbours in the list of the open channels of the loop. */
    @Nullable
    Pollable previous;

    @Nullable
    Pollable next;

    /** What {@link #onceReadable} has set. */
    private @Nullable Runnable onceReadable;

    private Pollable(LoopCore core, SelectableChannel channel, ChannelWatch watch) {
        this.core = core;
        this.channel = channel;
        this.watch = watch;
    }

    /**
     * Makes {@code channel} a channel of {@code loop}, which becomes non-blocking. If this method throws, the channel is closed.
     *
     * @throws IOException if the loop needs a selector and none can be made
     */
    public static Pollable of(EventLoop loop, SelectableChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            LoopCore core = LoopAccess.core(loop);
            Pollable made = new Pollable(core, channel, ChannelWatch.of(core));
            made.watch.opened(made);
            return made;
        } catch (Throwable failure) {
            try {
                channel.close();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    /** Whether waiting costs no more than the system call of the loop's own selector. If not, every operation should be tried first. */
    public boolean isPolledByLoop() {
        return watch instanceof LoopSelector;
    }

    /** Waits until the channel may be read, or may accept a connection. One coroutine at a time may wait for that. */
    public Coroutine<Void> readable() {
        reading = renewed(reading, channel.validOps() & READING);
        return reading;
    }

    /** Waits until the channel may be written to. One coroutine at a time may wait for that, or for {@link #connectable}. */
    public Coroutine<Void> writable() {
        writing = renewed(writing, SelectionKey.OP_WRITE);
        return writing;
    }

    /** Waits until the pending connection of the channel is established, or has failed. */
    public Coroutine<Void> connectable() {
        return new Readiness(this, SelectionKey.OP_CONNECT);
    }

    /** Calls {@code action} in a later step, once the channel is readable and no coroutine waits for that. The channel may be closed before. */
    public void onceReadable(Runnable action) {
        onceReadable = action;
        key = watch.watch(this, key, channel.validOps() & READING);
    }

    private Readiness renewed(@Nullable Readiness used, int operations) {
        if (used == null || used.operations != operations) { // the last wait may have been for a connection
            return new Readiness(this, operations);
        }
        return used.renewIfOver() ? used : new Readiness(this, operations);
    }

    /** Closes the channel at once. Coroutines that wait for it continue, and find it closed. Idempotent. */
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            try {
                watch.closed(this);
            } finally {
                wakeAll();
            }
        }
    }

    private void wakeAll() {
        try {
            ready(READING | WRITING);
        } catch (IllegalStateException closed) {
            // The loop is closed, and so its tasks are gone.
        }
    }

    /** Lets the selector watch for {@code operations} on behalf of {@code waiting}. */
    void watch(int operations, Readiness waiting) {
        if ((operations & READING) != 0) {
            reading = waiting;
        } else {
            writing = waiting;
        }
        key = watch.watch(this, key, operations);
    }

    /** Wakes those who wait for {@code operations}, which are ready. Returns the operations for which nobody waited. */
    int ready(int operations) {
        int unwanted = 0;
        if ((operations & READING) != 0) {
            if (reading == null || !reading.wake()) {
                unwanted |= operations & READING;
                startAction();
            } else if (onceReadable != null && channel.isOpen()) { // the reader may be the last one
                key = watch.watch(this, key, channel.validOps() & READING);
            }
        }
        if ((operations & WRITING) != 0 && (writing == null || !writing.wake())) {
            unwanted |= operations & WRITING;
        }
        return unwanted;
    }

    private void startAction() {
        Runnable action = onceReadable;
        onceReadable = null;
        if (action != null && channel.isOpen()) {
            core.wake(
                    new Step() { // not called here, because it may close the channel, which the selector's callbacks
                        // must not
                        @Override
                        protected void step() {
                            runAction(action);
                        }
                    });
        }
    }

    private void runAction(Runnable action) {
        if (reading != null && reading.isWaiting()) { // since this step was added
            onceReadable = action;
        } else if (channel.isOpen()) {
            try {
                action.run();
            } catch (RuntimeException | Error failure) { // a lack of memory, for example
                if (Throwables.leavesLoop(failure)) {
                    throw failure;
                }
                System.getLogger("dev.heddle")
                        .log(Level.WARNING, "an action has failed when its channel was readable", failure);
            }
        }
    }

    /** Returns the key, which is there once somebody has waited. */
    SelectionKey key() {
        return Objects.requireNonNull(key, "key");
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
