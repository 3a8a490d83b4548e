package dev.heddle;

import dev.heddle.woven.Listing;
import dev.heddle.woven.Repeatable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private GatherFuture(EventLoop loop, Future<?>[] children, boolean settled) {
        super(loop);
        this.children = children;
        this.settled = settled;
    }

    // Making

    /** Makes futures of {@code awaitables} and gathers them. */
    static <R> Future<R> of(Collection<? extends Awaitable<?>> awaitables, boolean settled) {
        // A copy, as an iterator might make the awaitables: all of them before the first is begun, as in asyncio.
        Awaitable<?>[] arguments = awaitables.toArray(new Awaitable<?>[0]);
        for (Awaitable<?> argument : arguments) {
            Objects.requireNonNull(argument, "awaitable");
        }
        EventLoop loop = arguments.length == 0 ? Asyncio.getEventLoop() : Futures.loopOf(arguments[0]);
        loop.checkThread();
        GatherFuture<R> outer = new GatherFuture<>(loop, children(arguments, loop), settled);
        outer.subscribe();
        return outer;
    }

    private static Future<?>[] children(Awaitable<?>[] arguments, EventLoop loop) {
        Map<Awaitable<?>, Future<?>> made = mayRepeat(arguments) ? new IdentityHashMap<>() : null;
        Future<?>[] children = new Future<?>[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            Awaitable<?> argument = arguments[i];
            children[i] = made == null || isCall(argument)
                    ? child(argument, loop)
                    : made.computeIfAbsent(argument, coroutine -> child(coroutine, loop));
        }
        return children;
    }

    private static Future<?> child(Awaitable<?> awaitable, EventLoop loop) {
        Future<?> child = Futures.ensure(awaitable, loop);
        if (child != awaitable) {
            ((Task<?>) child).mayStayPending = true;
        }
        return child;
    }

    /** Whether a coroutine may be among {@code arguments} twice, of which one task is to be made. */
    private static boolean mayRepeat(Awaitable<?>[] arguments) {
        boolean different = true;
        for (Awaitable<?> argument : arguments) {
            if (argument instanceof Coroutine<?> coroutine && !isCall(argument)) {
                different &= Listing.enter(coroutine);
            }
        }
        for (Awaitable<?> argument : arguments) {
            if (argument instanceof Coroutine<?> coroutine) {
                Listing.leave(coroutine);
            }
        }
        return !different;
    }

    /** Whether each occurrence of {@code argument} is a call of its own, though one object does for all. */
    private static boolean isCall(Awaitable<?> argument) {
        return argument instanceof Repeatable<?> || argument instanceof Sleep<?>;
    }

    /** Counts the children that are done at once; if all are, this is done too before anybody awaits it. */
    private void subscribe() {
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
