package dev.heddle;

import dev.heddle.spi.Repeatable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The future that {@link Asyncio#gather} and {@link Asyncio#gatherSettled} give. It is the done-callback of its children.
 *
 * @param <R> the type of the list
 */
final class GatherFuture<R> extends Future<R> implements Consumer<Future<?>> {

    /** In the order of the arguments, one that was given twice being here twice. */
    private final List<Future<?>> children;

    /** How many different children there are. */
    private final int distinct;

    /** Whether the result is the list of the children, however they end, and not that of their results. */
    private final boolean settled;

    private int finished;

    /** Whether a child has accepted a cancellation from here; then this ends cancelled whatever the children do. */
    private boolean cancelRequested;

    private GatherFuture(EventLoop loop, List<Future<?>> children, int distinct, boolean settled) {
        super(loop);
        this.children = children;
        this.distinct = distinct;
        this.settled = settled;
    }

    /** Makes futures of {@code awaitables} and gathers them. */
    static <R> Future<R> of(Collection<? extends Awaitable<?>> awaitables, boolean settled) {
        IdentityHashMap<Awaitable<?>, Future<?>> futures = new IdentityHashMap<>();
        List<Future<?>> children = new ArrayList<>(awaitables.size());
        List<Future<?>> different = new ArrayList<>(awaitables.size());
        EventLoop loop = null;
        // A copy, as an iterator might make the awaitables: all of them before the first is begun, as in asyncio.
        for (Awaitable<?> awaitable : new ArrayList<Awaitable<?>>(awaitables)) {
            Future<?> child = futures.get(Objects.requireNonNull(awaitable, "awaitable"));
            if (child == null) {
                loop = loop == null ? Futures.loopOf(awaitable) : loop;
                child = Futures.ensure(awaitable, loop);
                if (child != awaitable) {
                    ((Task<?>) child).mayStayPending = true;
                }
                if (!(awaitable instanceof Repeatable<?>)) { // of which each occurrence is a call of its own
                    futures.put(awaitable, child);
                }
                different.add(child);
            }
            children.add(child);
        }
        EventLoop owner = loop == null ? Asyncio.getEventLoop() : loop;
        GatherFuture<R> outer = new GatherFuture<>(owner, children, different.size(), settled);
        outer.subscribe(different);
        return outer;
    }

    /** Counts the children that are done at once; if all are, this is done too before anybody awaits it. */
    private void subscribe(List<Future<?>> different) {
        if (children.isEmpty()) {
            finish(new ArrayList<>());
            return;
        }
        List<Future<?>> done = new ArrayList<>();
        for (Future<?> child : different) {
            if (child.isDone()) {
                done.add(child);
            } else {
                child.addWaiter(this);
            }
        }
        done.forEach(this);
    }

    /** Takes note that {@code child} is done. */
    @Override
    public void accept(Future<?> child) {
        finished++;
        if (isDone()) {
            child.markRetrieved();
            return;
        }
        if (!settled && child.state != FINISHED) {
            fail(child.raised());
            return;
        }
        if (finished == distinct) {
            end();
        } else {
            child.expectLook();
        }
    }

    /** All children are done. A cancellation takes its message from the last argument, whatever ended last, as in asyncio. */
    private void end() {
        List<@Nullable Object> result = new ArrayList<>(children.size());
        for (Future<?> child : children) {
            child.markRetrieved();
            result.add(settled ? child : child.value());
        }
        if (cancelRequested) {
            Future<?> last = children.get(children.size() - 1);
            fail(last.isCancelled() ? last.raised() : new CancelledError(last.cancelMessage()));
        } else {
            finish(result);
        }
    }

    /** Cancels the children; this is done when they all are. */
    @Override
    public boolean cancel(@Nullable String message) {
        loop.turns.requireNotElsewhere();
        if (isDone()) {
            return false;
        }
        boolean accepted = false;
        for (Future<?> child : children) {
            accepted |= child.cancel(message);
        }
        cancelRequested |= accepted;
        return accepted;
    }

    @Override
    public String toString() {
        return "<Future " + describeState() + " gathers " + children.size() + ">";
    }
}
