// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.Repeatable;
import dev.heddle.internal.combine.Doors;
import dev.heddle.internal.frames.Listing;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Creates futures from other awaitables, and futures that wrap other futures. */
final class Futures {

    static final Doors DOORS = new Doors() {

        @Override
        public <T> Future<T> ensure(Awaitable<T> awaitable, EventLoop loop) {
            return Futures.ensure(awaitable, loop);
        }

        @Override
        public boolean isCallOfItsOwn(Awaitable<?> awaitable) {
            return isCall(awaitable);
        }

        @Override
        public void requireOwn(Future<?> future, EventLoop loop) {
            loop.maker.requireOwn(future);
        }

        @Override
        public void expectLook(Future<?> future) {
            future.expectLook();
        }

        @Override
        public TimerHandle callLater(EventLoop loop, long nanos, Runnable callback) {
            return loop.callLaterIn(nanos, callback, null);
        }
    };

    private Futures() {}

    /** Returns the loop in which {@code awaitable} runs: the loop of a future, or for other awaitables the loop of this thread. */
    static EventLoop loopOf(Awaitable<?> awaitable) {
        return awaitable instanceof Future<?> future ? future.loop : RunningLoop.orThreads();
    }

    /** Returns {@code awaitable} if it is a future, which must belong to {@code loop}. Otherwise returns a new task. */
    static <T> Future<T> ensure(Awaitable<T> awaitable, EventLoop loop) {
        return loop.maker.ensure(awaitable);
    }

    /** Returns a future with the outcome of {@code awaitable}. Cancelling the future does not cancel {@code awaitable}. */
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
        } else if (inner.outcome() == Future.FAILED) {
            outer.setException(inner.raised());
        } else {
            outer.setResult(inner.result());
        }
    }

    // Gathering

    /** Creates futures from {@code awaitables} and gathers them. */
    static <R> Future<R> gather(Collection<? extends Awaitable<?>> awaitables, boolean settled) {
        // An iterator might create the awaitables. The copy ensures that all exist before the first starts, as in
        // asyncio.
        Awaitable<?>[] arguments = awaitables.toArray(new Awaitable<?>[0]);
        for (Awaitable<?> argument : arguments) {
            Objects.requireNonNull(argument, "awaitable");
        }
        EventLoop loop = arguments.length == 0 ? RunningLoop.orThreads() : loopOf(arguments[0]);
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
        Future<?> child = ensure(awaitable, loop);
        if (child != awaitable) {
            ((Task<?>) child).mayStayPending = true;
        }
        return child;
    }

    /** Whether {@code arguments} may contain a coroutine twice, or another object, for which only one task must be created. */
    private static boolean mayRepeat(Awaitable<?>[] arguments) {
        boolean different = true;
        for (Awaitable<?> argument : arguments) {
            if (argument instanceof Coroutine<?> coroutine && !isCall(argument)) {
                different &= Listing.enter(coroutine);
            } else if (argument instanceof ToCoroutine<?>) {
                different = false; // not known: only a coroutine can be marked
            }
        }
        for (Awaitable<?> argument : arguments) {
            if (argument instanceof Coroutine<?> coroutine) {
                Listing.leave(coroutine);
            }
        }
        return !different;
    }

    /** Whether each occurrence of {@code argument} is a separate call, although all are the same object. */
    private static boolean isCall(Awaitable<?> argument) {
        return argument instanceof Repeatable<?> || argument instanceof Sleep<?>;
    }
}
