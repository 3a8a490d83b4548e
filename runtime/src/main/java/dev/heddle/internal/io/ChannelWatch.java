// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.io;

import dev.heddle.internal.loop.ClosingAll;
import dev.heddle.internal.loop.LoopCore;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** Watches the channels of one loop. */
abstract class ChannelWatch implements AutoCloseable {

    /** An open channel of the loop, which leads to the others by {@link Pollable#next}. Null if there is none. */
    private @Nullable Pollable first;

    /** Returns the watch of {@code core}, which is made for its first channel. */
    static ChannelWatch of(LoopCore core) throws IOException {
        core.requireOpen();
        ChannelWatch known = core.resource(ChannelWatch.class);
        if (known != null) {
            return known;
        }
        ChannelWatch made = core.canPoll() ? LoopSelector.install(core) : new ThreadWatch();
        core.keep(ChannelWatch.class, made);
        return made;
    }

    /**
     * Watches for {@code operations} of {@code pollable} in addition to what is watched already, and calls {@link Pollable#ready} on the loop's
     * thread. {@code key} is what this method has returned before for the channel, or null.
     *
     * @throws java.nio.channels.CancelledKeyException if the channel is closed
     */
    abstract SelectionKey watch(Pollable pollable, @Nullable SelectionKey key, int operations);

    /** Adds {@code pollable} to the channels that are closed with the loop, whether or not anybody has waited for them. */
    final void opened(Pollable pollable) {
        Pollable after = first;
        pollable.next = after;
        if (after != null) {
            after.previous = pollable;
        }
        first = pollable;
    }

    /** Called when the channel of {@code pollable} has been closed. May be called again. */
    void closed(Pollable pollable) {
        Pollable before = pollable.previous;
        Pollable after = pollable.next;
        if (before != null) {
            before.next = after;
        } else if (first == pollable) {
            first = after;
        }
        if (after != null) {
            after.previous = before;
        }
        pollable.previous = null;
        pollable.next = null;
    }

    /** Closes every channel, as part of {@code all}. */
    final void closeChannels(ClosingAll all) {
        for (Pollable each = first; each != null; each = each.next) {
            all.close(each, each.channel);
        }
    }

    /** Closes every channel. Called when the loop is closed. */
    @Override
    public abstract void close();
}
