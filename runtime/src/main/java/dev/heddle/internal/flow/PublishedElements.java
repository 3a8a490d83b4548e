// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.flow;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncIterator;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Sneaky;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a publisher, as an iterator. The publisher's threads put elements into a queue, and wake the loop only if a task waits. A burst of elements
 * therefore costs one wake-up. Elements are requested again when half of the prefetched ones have been returned.
 */
public final class PublishedElements<T> implements AsyncIterator<T> {

    /** The subscriber. Its methods are called on any thread, one at a time. */
    private final class Subscriber implements Flow.Subscriber<T> {

        @Override
        public void onSubscribe(Flow.Subscription given) {
            if (!subscription.compareAndSet(null, Objects.requireNonNull(given, "subscription"))) {
                given.cancel(); // a publisher may subscribe only once, and a closed iterator wants nothing
                return;
            }
            given.request(prefetch);
        }

        @Override
        public void onNext(T element) {
            if (arrived.offer(Objects.requireNonNull(element, "element"))) {
                arrival.wake();
                return;
            }
            cancelSubscription();
            end(new IllegalStateException(
                    publisher + " has published more elements than were requested; the limit is " + prefetch));
        }

        @Override
        public void onError(Throwable raised) {
            end(Objects.requireNonNull(raised, "failure"));
        }

        @Override
        public void onComplete() {
            end(null);
        }
    }

    private final Flow.Publisher<T> publisher;
    private final int prefetch;

    /** After how many returned elements that many are requested. */
    private final int batch;

    private final BlockingQueue<T> arrived;

    /** Null until the publisher has subscribed; {@link Unsubscribed} after {@link #close}, and at the end. */
    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

    /** Ends the wait of the task for an element, or for the end. */
    private final WakeUp arrival = new WakeUp(this::hasArrival);

    /** Written once, before {@link #ended}. */
    private @Nullable Throwable failure;

    /** Whether no more elements arrive. */
    private volatile boolean ended;

    // Used on the thread of the loop

    private boolean subscribed;
    private boolean busy;
    private boolean closed;

    /** The element that {@link #next} returns. */
    private @Nullable T found;

    /** The elements that were returned since the last request. */
    private int returned;

    /** Creates an iterator that subscribes when the first element is asked for. */
    public PublishedElements(Flow.Publisher<T> publisher, int prefetch) {
        this.publisher = Objects.requireNonNull(publisher, "publisher");
        if (prefetch < 1) {
            throw new IllegalArgumentException(
                    "the number of elements to prefetch must be at least 1, not " + prefetch);
        }
        this.prefetch = prefetch;
        this.batch = prefetch - prefetch / 2;
        this.arrived = new LinkedBlockingQueue<>(prefetch);
    }

    @Override
    @Async
    public Coroutine<Boolean> hasNext() {
        if (busy) {
            throw new IllegalStateException("another task waits for the next element of " + publisher + " already");
        }
        busy = true;
        try {
            if (!subscribed) {
                subscribe();
            }
            while (!findNext()) {
                await(arrival.waitForIt());
            }
        } finally {
            busy = false;
        }
        return Coroutine.of(found != null);
    }

    private void subscribe() {
        subscribed = true;
        if (closed) {
            return;
        }
        try {
            publisher.subscribe(new Subscriber());
        } catch (Throwable refused) { // which rule 1.9 does not allow
            end(null);
            throw refused;
        }
    }

    /** Whether it is known if there is a next element. Throws the failure of the publisher, once, after its elements. */
    private boolean findNext() {
        if (found != null || closed) {
            return true;
        }
        boolean last = ended; // read before the queue: what arrived before the end is found then
        found = arrived.poll();
        if (found != null || !last) {
            return found != null;
        }
        Throwable raised = failure;
        failure = null;
        if (raised != null) {
            throw Sneaky.thrown(raised);
        }
        return true;
    }

    private boolean hasArrival() {
        return ended || !arrived.isEmpty();
    }

    @Override
    public T next() {
        T element = found;
        if (element == null) {
            throw new NoSuchElementException("call next() once after each hasNext() that has returned true");
        }
        found = null;
        returned++;
        if (returned == batch) {
            returned = 0;
            Flow.Subscription source = subscription.get();
            if (source != null) {
                source.request(batch);
            }
        }
        return element;
    }

    @Override
    @Async
    public Coroutine<Void> close() {
        closed = true;
        found = null;
        cancelSubscription();
        arrived.clear();
        arrival.wake();
        return Coroutine.done();
    }

    private void cancelSubscription() {
        Flow.Subscription source = subscription.getAndSet(Unsubscribed.INSTANCE);
        if (source != null) {
            source.cancel();
        }
    }

    private void end(@Nullable Throwable raised) {
        subscription.set(Unsubscribed.INSTANCE);
        if (!ended) {
            failure = raised;
            ended = true;
        }
        arrival.wake();
    }

    @Override
    public String toString() {
        return "<elements of " + publisher + ">";
    }
}
