package dev.heddle.internal.io;

import dev.heddle.internal.loop.LoopCore;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** Watches the channels of one loop. */
interface ChannelWatch extends AutoCloseable {

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
    SelectionKey watch(Pollable pollable, @Nullable SelectionKey key, int operations);

    /** Called when the channel of {@code pollable} has been closed. */
    void closed(Pollable pollable);

    /** Closes every channel. Called when the loop is closed. */
    @Override
    void close();
}
