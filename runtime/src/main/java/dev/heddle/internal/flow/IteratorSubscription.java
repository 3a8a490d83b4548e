// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.flow;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;

import dev.heddle.Async;
import dev.heddle.AsyncIterator;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The subscription to the elements of an iterator. A task of the loop, which the first request begins, fetches the elements and calls the subscriber. The methods
 * of the subscription may be called on any thread.
 */
final class IteratorSubscription<T> implements Flow.Subscription {

    private final AsyncIterator<T> iterator;
    private final Flow.Subscriber<? super T> subscriber;
    private final EventLoop loop;

    /** Whether the subscriber's {@code onSubscribe} has returned. No other signal may come before that: rule 1.3. */
    private volatile boolean announced;

    private final AtomicBoolean begun = new AtomicBoolean();

    /** Whether the subscriber is called no more. */
    private final AtomicBoolean over = new AtomicBoolean();

    /** The number of elements that were requested and not published yet. */
    private final AtomicLong demand = new AtomicLong();

    /** The failure that a request which breaks the rules has caused, or null. */
    private volatile @Nullable IllegalArgumentException refusal;

    /** Ends the task's wait for demand. */
    private final WakeUp demanded = new WakeUp(this::hasRequest);

    /** The task that iterates, from its first step on. Used on the thread of the loop. */
    private @Nullable Task<?> task;

    IteratorSubscription(AsyncIterator<T> iterator, Flow.Subscriber<? super T> subscriber, EventLoop loop) {
        this.iterator = iterator;
        this.subscriber = subscriber;
        this.loop = loop;
    }

    /** Tells the subscriber of this subscription, and begins to publish what it requests meanwhile. */
    void announce() {
        subscriber.onSubscribe(this);
        announced = true;
        if (hasRequest()) {
            begin();
        }
    }

    /** Whether the subscriber has asked for something that has not been done yet. */
    private boolean hasRequest() {
        return demand.get() > 0 || refusal != null || over.get();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            refusal = new IllegalArgumentException("request(" + n + ") by " + subscriber
                    + ": the number must be positive (Reactive Streams, rule 3.9)");
        } else {
            demand.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
        }
        begin();
        demanded.wake();
    }

    @Override
    public void cancel() {
        if (over.getAndSet(true)) {
            return;
        }
        begin(); // only to close the iterator, if nothing was requested
        try {
            loop.callSoonThreadsafe(this::cancelTask);
        } catch (IllegalStateException closed) {
            // the tasks of a closed loop have ended
        }
    }

    private void cancelTask() {
        if (task != null) {
            task.cancel();
        }
    }

    private void begin() {
        if (!announced || !begun.compareAndSet(false, true)) {
            return;
        }
        try {
            CompletableFuture<Void> unused =
                    loop.submit(this::publish).whenComplete((nothing, failure) -> ended(failure));
        } catch (IllegalStateException closed) {
            ended(closed);
        }
    }

    @Async
    private Coroutine<Void> publish() {
        task = currentTask();
        try {
            while (!isRefused() && await(iterator.hasNext())) {
                while (demand.get() == 0 && !isRefused()) {
                    await(demanded.waitForIt());
                }
                if (!isRefused()) {
                    demand.decrementAndGet();
                    pass(iterator.next());
                }
            }
        } finally {
            task = null; // the iterator is closed, whatever the subscriber does
            await(iterator.close());
        }
        return Coroutine.done();
    }

    /** Whether nothing more may be published. Throws if the subscriber is to be told why. */
    private boolean isRefused() {
        IllegalArgumentException failure = refusal;
        if (failure != null) {
            throw failure;
        }
        return over.get();
    }

    private void pass(T element) {
        try {
            subscriber.onNext(element);
        } catch (Throwable failure) {
            over.set(true); // rule 2.13
            throw failure;
        }
    }

    /** Tells the subscriber of the end of the task. */
    private void ended(@Nullable Throwable failure) {
        if (over.getAndSet(true)) {
            if (failure != null && !(failure instanceof CancellationException)) {
                report("Exception in publishing " + iterator, failure);
            }
            return;
        }
        try {
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        } catch (Throwable broken) {
            report("Exception in the subscriber " + subscriber, broken);
        }
    }

    private void report(String message, Throwable failure) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("message", message);
        context.put("exception", failure);
        context.put("subscriber", subscriber);
        try {
            loop.callSoonThreadsafe(() -> loop.callExceptionHandler(context));
        } catch (IllegalStateException closed) {
            loop.callExceptionHandler(context);
        }
    }
}
