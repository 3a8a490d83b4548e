// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.flow;

import dev.heddle.AsyncIterator;
import dev.heddle.EventLoop;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** Publishes the elements of an iterator to one subscriber. */
public final class IteratorPublisher<T> implements Flow.Publisher<T> {

    private final AsyncIterator<T> iterator;
    private final EventLoop loop;
    private final AtomicBoolean subscribed = new AtomicBoolean();

    /** Creates a publisher whose elements a task of {@code loop} fetches. */
    public IteratorPublisher(AsyncIterator<T> iterator, EventLoop loop) {
        this.iterator = iterator;
        this.loop = loop;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (subscribed.compareAndSet(false, true)) {
            new IteratorSubscription<>(iterator, subscriber, loop).announce();
            return;
        }
        subscriber.onSubscribe(Unsubscribed.INSTANCE); // a failure has to follow a subscription: rule 1.9
        subscriber.onError(new IllegalStateException(
                this + " has a subscriber already; an iterator can be read once, so publish another one"));
    }

    @Override
    public String toString() {
        return "<publisher of " + iterator + ">";
    }
}
