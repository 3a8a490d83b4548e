// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.io;

import dev.heddle.internal.loop.ClosingAll;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.Polling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The selector in which a loop with channels waits. */
final class LoopSelector extends ChannelWatch implements Polling {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Selector selector;
    private final Consumer<SelectionKey> whenReady = LoopSelector::ready;

    private LoopSelector(Selector selector) {
        this.selector = selector;
    }

    /** Lets the loop of {@code core} wait in a new selector. */
    static LoopSelector install(LoopCore core) throws IOException {
        LoopSelector made = new LoopSelector(Selector.open());
        core.pollIn(made);
        return made;
    }

    /** Takes back what is watched for if nobody waits for it, since it would be reported again by every poll. */
    private static void ready(SelectionKey key) {
        int operations = key.readyOps();
        int unwanted = ((Pollable) key.attachment()).ready(operations) | (operations & SelectionKey.OP_CONNECT);
        if (unwanted != 0) {
            key.interestOpsAnd(~unwanted);
        }
    }

    @Override
    SelectionKey watch(Pollable pollable, @Nullable SelectionKey key, int operations) {
        if (key == null) {
            try {
                return pollable.channel.register(selector, operations, pollable);
            } catch (ClosedChannelException closed) {
                throw new CancelledKeyException();
            }
        }
        if ((key.interestOps() & operations) != operations) {
            key.interestOpsOr(operations);
        }
        return key;
    }

    @Override
    void closed(Pollable pollable) {
        super.closed(pollable);
        if (!(pollable.channel instanceof SocketChannel) && selector.isOpen()) {
            poll(); // removes the key. Until then the system keeps the address of a channel that is closed in use
        }
    }

    @Override
    public void block(long nanos) {
        try {
            if (nanos == FOREVER) {
                selector.select(whenReady);
            } else { // rounded up, because a loop that wakes too early would go round until the time has come
                selector.select(whenReady, (nanos - 1) / NANOS_PER_MILLI + 1);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot wait for the channels of an event loop", failure);
        }
    }

    @Override
    public void poll() {
        try {
            selector.selectNow(whenReady);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot poll the channels of an event loop", failure);
        }
    }

    @Override
    public void wake() {
        selector.wakeup();
    }

    @Override
    public void close() {
        ClosingAll all = new ClosingAll();
        closeChannels(all);
        all.close(selector, selector);
        all.end();
    }
}
