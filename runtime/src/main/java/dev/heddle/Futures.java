package dev.heddle;

import java.util.function.Consumer;

/** How futures are made of other awaitables, and put around futures. */
final class Futures {

    private Futures() {}

    static void requireOwn(Future<?> future, EventLoop loop) {
        if (future.loop != loop) {
            throw new IllegalArgumentException("The future belongs to a different loop than the one specified: "
                    + future + " of " + future.loop + ", not of " + loop);
        }
    }

    /** The loop in which {@code awaitable} runs: a future has one, the rest run in that of this thread. */
    static EventLoop loopOf(Awaitable<?> awaitable) {
        return awaitable instanceof Future<?> future ? future.loop : Asyncio.getEventLoop();
    }

    /** {@code awaitable} if it is a future, which has to be of {@code loop}, otherwise a new task. */
    static <T> Future<T> ensure(Awaitable<T> awaitable, EventLoop loop) {
        if (awaitable instanceof Future<T> future) {
            requireOwn(future, loop);
            return future;
        }
        if (awaitable instanceof Coroutine<T> coroutine) {
            return loop.createTask(coroutine);
        }
        return loop.createTask(new AwaitFrame<>(awaitable));
    }

    /** A future that ends as {@code awaitable} does, but whose cancellation does not reach it. */
    static <T> Future<T> shield(Awaitable<T> awaitable) {
        Future<T> inner = ensure(awaitable, loopOf(awaitable));
        if (inner.isDone()) {
            return inner;
        }
        Future<T> outer = inner.loop.createFuture();
        Consumer<Future<T>> innerDone = done -> copyUnlessCancelled(done, outer);
        inner.addDoneCallback(innerDone);
        outer.addDoneCallback(done -> {
            if (!inner.isDone()) {
                inner.removeDoneCallback(innerDone);
            }
        });
        return outer;
    }

    private static <T> void copyUnlessCancelled(Future<T> inner, Future<T> outer) {
        if (outer.isCancelled()) {
            inner.markRetrieved();
        } else if (inner.isCancelled()) {
            outer.cancel();
        } else if (inner.state() == Future.FAILED) {
            outer.setException(inner.raised());
        } else {
            outer.setResult(inner.result());
        }
    }
}
