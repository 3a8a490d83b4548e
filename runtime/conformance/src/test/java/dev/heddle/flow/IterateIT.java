package dev.heddle.flow;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.iterate;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncIterator;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link dev.heddle.Asyncio#iterate}: publishers as iterators. */
class IterateIT {

    /** A publisher that the test moves, and that records what the subscriber does. */
    private final class Source implements Flow.Publisher<Integer>, Flow.Subscription {

        private Flow.Subscriber<? super Integer> subscriber;

        @Override
        public void subscribe(Flow.Subscriber<? super Integer> subscribing) {
            events.add("subscribed");
            subscriber = subscribing;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            events.add("request " + n);
        }

        @Override
        public void cancel() {
            events.add("cancel");
        }
    }

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final EventLoop loop = EventLoop.virtualTime();
    private final Source source = new Source();

    @AfterEach
    void close() {
        loop.close();
    }

    private <T> T run(AsyncSupplier<T> body) {
        return loop.runUntilComplete(body);
    }

    @Async
    private static <T> Coroutine<List<T>> all(AsyncIterator<T> iterator) {
        List<T> elements = new ArrayList<>();
        while (await(iterator.hasNext())) {
            elements.add(iterator.next());
        }
        return Coroutine.of(elements);
    }

    @Test
    void subscribesAtTheFirstHasNextAndRequestsByHalves() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 4);
            events.add("made");
            Task<List<Integer>> task = createTask(all(iterator));
            await(sleep(0));
            for (int i = 1; i <= 4; i++) {
                source.subscriber.onNext(i);
            }
            await(sleep(0));
            await(sleep(0));
            source.subscriber.onNext(5);
            source.subscriber.onComplete();
            events.add(await(task).toString());
            return Coroutine.done();
        });
        assertEquals(List.of("made", "subscribed", "request 4", "request 2", "request 2", "[1, 2, 3, 4, 5]"), events);
    }

    @Test
    void burstCostsOneWakeUp() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 100);
            Task<Void> task = createTask(() -> {
                while (await(iterator.hasNext())) {
                    events.add("next " + iterator.next());
                }
                return Coroutine.done();
            });
            await(sleep(0));
            events.clear();
            source.subscriber.onNext(1);
            source.subscriber.onNext(2);
            source.subscriber.onNext(3);
            events.add("burst");
            await(sleep(0));
            await(sleep(0));
            events.add("later");
            source.subscriber.onComplete();
            await(task);
            return Coroutine.done();
        });
        assertEquals(List.of("burst", "next 1", "next 2", "next 3", "later"), events);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 1000})
    void losesAndRepeatsNothingFromAnotherThread(int prefetch) {
        int count = 5_000;
        try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
            Thread thread = new Thread(() -> {
                while (!publisher.hasSubscribers()) {
                    Thread.onSpinWait();
                }
                IntStream.range(0, count).forEach(publisher::submit);
                publisher.close();
            });
            thread.start();
            List<Integer> elements = run(() -> all(iterate(publisher, prefetch)));
            assertEquals(IntStream.range(0, count).boxed().toList(), elements);
        }
    }

    @Test
    void hasNextMayBeRepeated() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 4);
            Task<Boolean> task = createTask(iterator.hasNext());
            await(sleep(0));
            source.subscriber.onNext(1);
            source.subscriber.onNext(2);
            assertTrue(await(task));
            assertTrue(await(iterator.hasNext()));
            assertEquals(1, iterator.next());
            assertThrows(NoSuchElementException.class, iterator::next);
            assertTrue(await(iterator.hasNext()));
            assertEquals(2, iterator.next());
            source.subscriber.onComplete();
            assertFalse(await(iterator.hasNext()));
            assertFalse(await(iterator.hasNext()));
            assertThrows(NoSuchElementException.class, iterator::next);
            return Coroutine.done();
        });
    }

    @Test
    void failureFollowsTheElementsAndIsThrownOnce() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 4);
            Task<Boolean> task = createTask(iterator.hasNext());
            await(sleep(0));
            source.subscriber.onNext(1);
            source.subscriber.onError(new IOException("x"));
            assertTrue(await(task));
            assertEquals(1, iterator.next());
            try {
                await(iterator.hasNext(), IOException.class);
                events.add("wrong");
            } catch (IOException failure) {
                events.add("throws " + failure.getMessage());
            }
            assertFalse(await(iterator.hasNext()));
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "request 4", "throws x"), events);
    }

    @Test
    void cancelledWaitLosesNoElement() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 4);
            Task<Boolean> task = createTask(iterator.hasNext());
            await(sleep(0));
            source.subscriber.onNext(1);
            task.cancel();
            try {
                await(task);
            } catch (CancelledError cancelled) {
                events.add("cancelled");
            }
            source.subscriber.onNext(2);
            source.subscriber.onComplete();
            events.add(await(all(iterator)).toString());
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "request 4", "cancelled", "[1, 2]"), events);
    }

    @Test
    void closeCancelsTheSubscriptionAndEndsTheIterator() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 4);
            Task<Boolean> task = createTask(iterator.hasNext());
            await(sleep(0));
            await(iterator.close());
            await(iterator.close());
            assertFalse(await(task), "which waited");
            source.subscriber.onNext(1); // may still come
            source.subscriber.onError(new IOException("late"));
            assertFalse(await(iterator.hasNext()));
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "request 4", "cancel"), events);
    }

    @Test
    void closeBeforeTheFirstHasNextDoesNotSubscribe() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 4);
            await(iterator.close());
            assertFalse(await(iterator.hasNext()));
            return Coroutine.done();
        });
        assertEquals(List.of(), events);
    }

    @Test
    void oneTaskAtATime() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 4);
            Task<Boolean> task = createTask(iterator.hasNext());
            await(sleep(0));
            Coroutine<Boolean> second = iterator.hasNext();
            try {
                await(second);
                events.add("wrong");
            } catch (IllegalStateException refused) {
                events.add("refused");
            }
            source.subscriber.onComplete();
            assertFalse(await(task));
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "request 4", "refused"), events);
    }

    @Test
    void publisherThatSendsTooMuchIsCancelled() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 2);
            Task<Boolean> task = createTask(iterator.hasNext());
            await(sleep(0));
            for (int i = 1; i <= 3; i++) {
                source.subscriber.onNext(i);
            }
            await(task);
            iterator.next();
            assertTrue(await(iterator.hasNext()));
            iterator.next();
            try {
                await(iterator.hasNext());
                events.add("wrong");
            } catch (IllegalStateException broken) {
                events.add(broken.getMessage().replaceAll("^.* has", "it has"));
            }
            return Coroutine.done();
        });
        assertEquals(
                List.of(
                        "subscribed",
                        "request 2",
                        "cancel",
                        "it has published more elements than were requested; the limit is 2"),
                events);
    }

    @Test
    void publisherThatThrowsInSubscribe() {
        Flow.Publisher<Integer> broken = subscriber -> {
            throw new IllegalStateException("refused");
        };
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(broken, 2);
            try {
                await(iterator.hasNext());
                events.add("wrong");
            } catch (IllegalStateException refused) {
                events.add(refused.getMessage());
            }
            assertFalse(await(iterator.hasNext()));
            return Coroutine.done();
        });
        assertEquals(List.of("refused"), events);
    }

    @Test
    void secondSubscriptionIsCancelled() {
        run(() -> {
            AsyncIterator<Integer> iterator = iterate(source, 2);
            Task<Boolean> task = createTask(iterator.hasNext());
            await(sleep(0));
            source.subscriber.onSubscribe(source);
            source.subscriber.onComplete();
            assertFalse(await(task));
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "request 2", "cancel"), events);
    }

    @Test
    void prefetchMustBePositive() {
        assertThrows(IllegalArgumentException.class, () -> iterate(source, 0));
        assertThrows(NullPointerException.class, () -> iterate(null, 1));
    }

    @Test
    void subscriptionMayComeLateFromAnotherThread() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        Flow.Publisher<Integer> late = subscriber -> {
            Thread thread = new Thread(() -> {
                subscriber.onSubscribe(source);
                subscriber.onNext(1);
                subscriber.onComplete();
                asked.countDown();
            });
            threads.add(thread);
            thread.start();
        };
        assertEquals(List.of(1), run(() -> all(iterate(late, 2))));
        asked.await();
        threads.get(0).join();
        assertEquals("request 2", events.get(0));
    }
}
