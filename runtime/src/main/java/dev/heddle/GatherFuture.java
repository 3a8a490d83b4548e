// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The future that {@link Asyncio#gather} and {@link Asyncio#gatherSettled} return. It is also the done-callback of its children.
 *
 * <p>Difference from asyncio, where the callback of every child runs: a child that succeeds and is not the last one to end is only counted,
 * because its callback would do nothing else.
 *
 * @param <R> the type of the list
 */
final class GatherFuture<R> extends Future<R> implements Consumer<Future<?>> {

    /** The children in the order of the arguments. Duplicates are included. */
    final Future<?>[] children;

    /** Whether the result is the list of the children, whatever their outcomes, instead of the list of their results. */
    private final boolean settled;

    /** The number of children that are not done. A pending duplicate counts once. */
    int pending;

    /** The child that ended last; null before that. */
    @Nullable
    Future<?> last;

    /** Whether a child has accepted a cancellation from this future. This future then ends cancelled, whatever the children do. */
    boolean cancelRequested;

    /** The cancellation request that is currently being passed to the children, or null. */
    @Nullable
    CancelRequest present;

    /** Creates a future that gathers {@code children} once {@link #subscribe} is called. */
    GatherFuture(EventLoop loop, Future<?>[] children, boolean settled) {
        super(loop);
        this.children = children;
        this.settled = settled;
    }

    /** Subscribes to the children. If all are already done, this future is done before it can be awaited. */
    void subscribe() {
        if (children.length == 0) {
            finish(new ArrayList<>());
            return;
        }
        int done = 0;
        for (Future<?> child : children) {
            if (child.isDone()) {
                done++;
            } else if (!child.isLastWaiter(this)) {
                child.addWaiter(this);
                pending++;
            }
        }
        pending += done;
        for (int i = 0; done > 0; i++) {
            if (children[i].isDone()) {
                done--;
                boolean hears = hears(children[i].outcome());
                if (--pending == 0) {
                    last = children[i];
                }
                if (hears) {
                    accept(children[i]);
                }
            }
        }
    }

    // Ending

    /** Whether the callback of the next child, which ends with {@code outcome}, has to run. The caller then counts the child. */
    boolean hears(int outcome) {
        return pending == 1 || outcome != FINISHED;
    }

    /** The callback of {@code child}. */
    @Override
    public void accept(Future<?> child) {
        if (isDone()) {
            child.markRetrieved();
        } else if (!settled && child.outcome() != FINISHED) {
            fail(child.raised());
        } else if (child == last) {
            end();
        } else {
            child.expectLook();
        }
    }

    /**
     * Ends this future after all children. As in asyncio, a cancellation has the message of the last argument, whichever child ended last.
     */
    private void end() {
        List<@Nullable Object> result = new ArrayList<>(children.length);
        for (Future<?> child : children) {
            child.markRetrieved();
            result.add(settled ? child : child.value());
        }
        if (cancelRequested) {
            Future<?> child = children[children.length - 1];
            fail(child.isCancelled() ? child.raised() : new CancelledError(child.cancelMessage()));
        } else {
            finish(result);
        }
    }

    /** Cancels the children. This future is done when they all are. */
    @Override
    public boolean cancel(@Nullable String message) {
        loop.core.requireThread();
        if (isDone()) {
            return false;
        }
        return CancelRequest.send(this, message);
    }

    @Override
    public String toString() {
        return "<Future " + describeState() + " gathers " + children.length + ">";
    }
}
