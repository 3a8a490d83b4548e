package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Async;
import dev.heddle.AsyncIterator;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Timeout(60)
class ReactorStreamsIT {

    private final CompletableFuture<String> subscribed = new CompletableFuture<>();
    private final CompletableFuture<String> cancelled = new CompletableFuture<>();
    private final IOException broken = new IOException("broken");

    @Test
    void aMonoIsAwaited() {
        assertEquals("a", run(ReactorStreams.first(Mono.just("a").delayElement(Duration.ofMillis(1)))));
        assertNull(run(ReactorStreams.first(Mono.<String>empty())));
    }

    @Test
    void aFluxIsIterated() {
        assertEquals(List.of(1, 2, 3), run(ReactorStreams.all(Flux.range(1, 3).delayElements(Duration.ofMillis(1)))));
    }

    @Test
    void anIteratorIsAFlux() {
        run(() -> {
            var numbers = ReactorStreams.flux(new ReactorStreams.Countdown(3)).map(number -> number * 10);
            assertEquals(List.of(30, 20, 10), await(ReactorStreams.first(numbers.collectList())));
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<Void> cancelOnceSubscribed(Coroutine<?> waiting) {
        Task<?> task = createTask(waiting);
        await(subscribed);
        task.cancel();
        await(assertFails(CancelledError.class, task));
        assertEquals("cancelled", await(cancelled));
        return Coroutine.done();
    }

    @Test
    void cancellingTheTaskCancelsTheSubscriptionToAMono() {
        Mono<String> never = Mono.<String>never()
                .doOnSubscribe(subscription -> subscribed.complete("subscribed"))
                .doOnCancel(() -> cancelled.complete("cancelled"));
        run(cancelOnceSubscribed(ReactorStreams.first(never)));
    }

    @Test
    void cancellingTheTaskCancelsTheSubscriptionToAFlux() {
        Flux<String> never = Flux.just("first")
                .concatWith(Flux.never())
                .doOnSubscribe(subscription -> subscribed.complete("subscribed"))
                .doOnCancel(() -> cancelled.complete("cancelled"));
        run(cancelOnceSubscribed(ReactorStreams.all(never)));
    }

    /** Waits forever for its first element. */
    private final class Silent implements AsyncIterator<String> {

        @Override
        @Async
        public Coroutine<Boolean> hasNext() {
            subscribed.complete("subscribed");
            await(sleep(Duration.ofDays(1)));
            return Coroutine.of(false);
        }

        @Override
        public String next() {
            throw new AssertionError("there is no element");
        }

        @Override
        @Async
        public Coroutine<Void> close() {
            cancelled.complete("cancelled");
            return Coroutine.done();
        }
    }

    @Test
    void cancellingTheSubscriptionClosesTheIterator() {
        run(() -> {
            Task<?> task = createTask(
                    ReactorStreams.first(ReactorStreams.flux(new Silent()).next()));
            await(subscribed);
            task.cancel();
            await(assertFails(CancelledError.class, task));
            assertEquals("cancelled", await(cancelled));
            return Coroutine.done();
        });
    }

    @Test
    void failuresAreThrownAsTheyAre() {
        run(() -> {
            assertSame(broken, await(assertFails(IOException.class, ReactorStreams.first(Mono.error(broken)))));
            assertSame(
                    broken,
                    await(assertFails(
                            IOException.class, ReactorStreams.all(Flux.just("a").concatWith(Flux.error(broken))))));
            return Coroutine.done();
        });
    }
}
