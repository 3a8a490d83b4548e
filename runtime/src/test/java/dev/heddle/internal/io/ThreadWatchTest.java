package dev.heddle.internal.io;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.EventLoop;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;

/** The thread that watches for all guests must outlive each of them. */
class ThreadWatchTest {

    /** Registers a pipe that can be written to, closes some of the channel and its loop, and reports the pipe to be ready. */
    private static void reportAfter(boolean closeChannel, boolean closeLoop) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Selector selector = Selector.open()) {
            Pipe pipe = Pipe.open();
            Pollable pollable = Pollable.of(loop, pipe.sink());
            SelectionKey key = pipe.sink().register(selector, SelectionKey.OP_WRITE, pollable);
            selector.select();
            if (closeLoop) {
                loop.close();
            }
            if (closeChannel) {
                pipe.sink().close();
            }
            assertDoesNotThrow(() -> ThreadWatch.Watcher.ready(key));
            if (closeChannel || closeLoop) {
                assertFalse(key.isValid());
            }
            pipe.sink().close();
            pipe.source().close();
        }
    }

    @Test
    void channelsAndLoopsMayCloseAtAnyTime() throws IOException {
        reportAfter(false, false);
        reportAfter(true, false);
        reportAfter(false, true);
        reportAfter(true, true);
    }
}
