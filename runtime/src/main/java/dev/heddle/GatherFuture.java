package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The future that {@link Asyncio#gather} and {@link Asyncio#gatherSettled} give. It is the done-callback of its children.
 *
 * <p>Difference from asyncio, where every child calls back: a child that succeeds and is not the last to end is only counted, as its
 * callback would do no more.
 *
 * @param <R> the type of the list
 */
final class GatherFuture<R> extends Future<R> implements Consumer<Future<?>> {

    /** In the order of the arguments, one that was given twice being here twice. */
    final Future<?>[] children;

    /** Whether the result is the list of the children, however they end, and not that of their results. */
    private final boolean settled;

    /** How many children are not done; a pending one that was given twice is one. */
    int pending;

    /** The child that was the last to end, null before that. */
    @Nullable
    Future<?> last;

    /** Whether a child has accepted a cancellation from here; then this ends cancelled whatever the children do. */
    boolean cancelRequested;

    /** The request to cancel this that is with the children at this moment, null for none. */
    @Nullable
    CancelRequest present;

    /** Gathers {@code children}, once {@link #subscribe} is called. */
    GatherFuture(EventLoop loop, Future<?>[] children, boolean settled) {
        super(loop);
        this.children = children;
        this.settled = settled;
    }

    /** Counts the children that are done at once; if all are, this is done too before anybody awaits it. */
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
                boolean hears = hears(children[i].state());
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

    /** Whether the next child, which ends with {@code outcome}, is to call back. Who asks then counts it. */
    boolean hears(int outcome) {
        return pending == 1 || outcome != FINISHED;
    }

    /** The callback of {@code child}. */
    @Override
    public void accept(Future<?> child) {
        if (isDone()) {
            child.markRetrieved();
        } else if (!settled && child.state() != FINISHED) {
            fail(child.raised());
        } else if (child == last) {
            end();
        } else {
            child.expectLook();
        }
    }

    /** All children are done. A cancellation takes its message from the last argument, whatever ended last, as in asyncio. */
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

    /** Cancels the children; this is done when they all are. */
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
