// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.iterate;
import static dev.heddle.Asyncio.publish;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.AsyncIterator;
import dev.heddle.Coroutine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Awaits a {@code Mono} of Reactor, iterates over a {@code Flux}, and makes a {@code Flux} of an iterator. Prints what each gives. */
public final class ReactorStreams {

    /** The number of elements that a publisher may send ahead. */
    private static final int PREFETCH = 16;

    private ReactorStreams() {}

    /** Returns the value of {@code mono}, or null if it is empty. Cancelling the task cancels the subscription. */
    @Async
    static <T> Coroutine<@Nullable T> first(Mono<T> mono) {
        return Coroutine.of(await(mono.toFuture()));
    }

    /** Returns the elements of {@code flux}. The iterator is closed in any case, which cancels the subscription. */
    @Async
    static <T> Coroutine<List<T>> all(Flux<T> flux) {
        List<T> elements = new ArrayList<>();
        AsyncIterator<T> iterator = iterate(JdkFlowAdapter.publisherToFlowPublisher(flux), PREFETCH);
        try {
            while (await(iterator.hasNext())) {
                elements.add(iterator.next());
            }
        } finally {
            await(iterator.close());
        }
        return Coroutine.of(elements);
    }

    /** Returns the elements of {@code iterator} as a {@code Flux} for one subscriber. Call it in a task, whose loop runs the iterator. */
    static <T> Flux<T> flux(AsyncIterator<T> iterator) {
        return JdkFlowAdapter.flowPublisherToFlux(publish(iterator));
    }

    /** Counts down to one, with a coroutine that waits before each number. */
    static final class Countdown implements AsyncIterator<Integer> {

        private int left;
        private boolean found;

        Countdown(int from) {
            left = from;
        }

        @Override
        @Async
        public Coroutine<Boolean> hasNext() {
            if (!found && left > 0) {
                await(sleep(0.1));
                found = true;
            }
            return Coroutine.of(found);
        }

        @Override
        public Integer next() {
            if (!found) {
                throw new NoSuchElementException("hasNext has not found a number");
            }
            found = false;
            return left--;
        }

        @Override
        @Async
        public Coroutine<Void> close() {
            left = 0;
            return Coroutine.done();
        }
    }

    @Async
    private static Coroutine<Void> show() {
        System.out.println(await(first(Mono.just("later").delayElement(Duration.ofMillis(100)))));
        System.out.println(await(all(Flux.range(1, 3).delayElements(Duration.ofMillis(100)))));
        System.out.println(
                await(first(flux(new Countdown(3)).map(number -> number * 10).collectList())));
        return Coroutine.done();
    }

    public static void main(String[] args) {
        run(show());
    }
}
