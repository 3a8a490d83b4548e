package dev.heddle.flow;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.iterate;
import static dev.heddle.Asyncio.publish;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Async;
import dev.heddle.AsyncIterator;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link dev.heddle.Asyncio#publish}: iterators as publishers. */
class PublishIT {

    /** Counts to a number, and waits before every second element. */
    private class Counting implements AsyncIterator<Integer> {

        private final int last;
        private int next = 1;

        Counting(int last) {
            this.last = last;
        }

        @Override
        @Async
        public Coroutine<Boolean> hasNext() {
            if (next % 2 == 0) {
                try {
                    await(pause());
                } catch (CancelledError error) {
                    events.add("wait cancelled");
                    throw error;
                }
            }
            return Coroutine.of(next <= last);
        }

        /** What it waits for before every second element. */
        Awaitable<?> pause() {
            return sleep(0);
        }

        @Override
        public Integer next() {
            return next++;
        }

        @Override
        @Async
        public Coroutine<Void> close() {
            await(sleep(0));
            events.add("closed");
            return Coroutine.done();
        }
    }

    /** Records what it is told. */
    private class Recorder implements Flow.Subscriber<Object> {

        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            events.add("subscribed");
        }

        @Override
        public void onNext(Object element) {
            events.add("next " + element);
        }

        @Override
        public void onError(Throwable failure) {
            events.add("error " + failure);
        }

        @Override
        public void onComplete() {
            events.add("complete");
        }
    }

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final EventLoop loop = EventLoop.virtualTime();
    private final Recorder recorder = new Recorder();

    PublishIT() {
        loop.setExceptionHandler((source, context) -> events.add("reported " + context.get("exception")));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /** Lets everything run that is ready, or becomes so. There are no timers here: a publisher that waits for demand would hold the virtual clock. */
    @Async
    private static Coroutine<Void> turns() {
        for (int turn = 0; turn < 50; turn++) {
            await(sleep(0));
        }
        return Coroutine.done();
    }

    private void run(AsyncSupplier<Void> body) {
        loop.runUntilComplete(body);
    }

    @Test
    void elementsFollowTheDemand() {
        run(() -> {
            publish(new Counting(3)).subscribe(recorder);
            await(turns());
            events.add("requests");
            recorder.subscription.request(2);
            await(turns());
            events.add("requests");
            recorder.subscription.request(1);
            await(turns());
            return Coroutine.done();
        });
        assertEquals(
                List.of("subscribed", "requests", "next 1", "next 2", "requests", "next 3", "closed", "complete"),
                events);
    }

    @Test
    void requestFromOnNext() {
        run(() -> {
            publish(new Counting(4)).subscribe(new Recorder() {
                @Override
                public void onSubscribe(Flow.Subscription given) {
                    super.onSubscribe(given);
                    given.request(1);
                }

                @Override
                public void onNext(Object element) {
                    super.onNext(element);
                    subscription.request(1);
                }
            });
            await(turns());
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "next 1", "next 2", "next 3", "next 4", "closed", "complete"), events);
    }

    @Test
    void cancelEndsTheWaitAndClosesTheIterator() {
        run(() -> {
            publish(new Counting(9) {
                        @Override
                        Awaitable<?> pause() {
                            return loop.createFuture();
                        }
                    })
                    .subscribe(recorder);
            recorder.subscription.request(9);
            await(turns());
            recorder.subscription.cancel();
            recorder.subscription.cancel();
            recorder.subscription.request(1);
            await(turns());
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "next 1", "wait cancelled", "closed"), events);
    }

    @Test
    void cancelWhileItWaitsForDemandAndBeforeTheFirst() {
        run(() -> {
            publish(new Counting(9)).subscribe(recorder);
            recorder.subscription.request(1);
            await(turns());
            recorder.subscription.cancel();
            await(turns());
            publish(new Counting(9)).subscribe(recorder);
            recorder.subscription.cancel();
            await(turns());
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "next 1", "closed", "subscribed", "closed"), events);
    }

    @Test
    void failureOfTheIterator() {
        run(() -> {
            publish(new Counting(9) {
                        @Override
                        @Async
                        public Coroutine<Boolean> hasNext() throws RuntimeException {
                            await(sleep(0));
                            throw new IllegalStateException("x");
                        }
                    })
                    .subscribe(recorder);
            recorder.subscription.request(1);
            await(turns());
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "closed", "error java.lang.IllegalStateException: x"), events);
    }

    @Test
    void failureOfCloseIsTheEnd() {
        run(() -> {
            publish(new Counting(1) {
                        @Override
                        @Async
                        public Coroutine<Void> close() {
                            throw new IllegalStateException("close");
                        }
                    })
                    .subscribe(recorder);
            recorder.subscription.request(1);
            await(turns());
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "next 1", "error java.lang.IllegalStateException: close"), events);
    }

    @Test
    void failureOfTheSubscriberIsReported() {
        run(() -> {
            publish(new Counting(9)).subscribe(new Recorder() {
                @Override
                public void onSubscribe(Flow.Subscription given) {
                    given.request(9);
                }

                @Override
                public void onNext(Object element) {
                    throw new IllegalStateException("subscriber");
                }
            });
            await(turns());
            return Coroutine.done();
        });
        assertEquals(List.of("closed", "reported java.lang.IllegalStateException: subscriber"), events);
    }

    @Test
    void requestThatIsNotPositive() {
        for (long n : new long[] {0, -1, Long.MIN_VALUE}) {
            events.clear();
            run(() -> {
                publish(new Counting(9)).subscribe(recorder);
                recorder.subscription.request(n);
                await(turns());
                return Coroutine.done();
            });
            assertEquals(3, events.size(), events::toString);
            assertEquals(
                    "error java.lang.IllegalArgumentException: request(" + n + ")",
                    events.get(2).replaceAll(" by .*", ""));
        }
    }

    @Test
    void hugeDemandDoesNotOverflow() {
        run(() -> {
            publish(new Counting(3)).subscribe(recorder);
            recorder.subscription.request(Long.MAX_VALUE);
            recorder.subscription.request(Long.MAX_VALUE);
            await(turns());
            return Coroutine.done();
        });
        assertEquals(List.of("subscribed", "next 1", "next 2", "next 3", "closed", "complete"), events);
    }

    @Test
    void oneSubscriber() {
        run(() -> {
            Flow.Publisher<Integer> publisher = publish(new Counting(1));
            publisher.subscribe(recorder);
            publisher.subscribe(new Recorder());
            assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
            return Coroutine.done();
        });
        assertEquals(3, events.size(), events::toString);
        assertEquals(List.of("subscribed", "subscribed"), events.subList(0, 2));
        assertEquals(
                "error java.lang.IllegalStateException",
                events.get(2).substring(0, events.get(2).indexOf(':')));
    }

    @Test
    void closedLoop() {
        run(() -> {
            publish(new Counting(9)).subscribe(recorder);
            return Coroutine.done();
        });
        loop.close();
        recorder.subscription.request(1);
        assertEquals("error java.lang.IllegalStateException", events.get(1).replaceAll(":.*", ""));
        recorder.subscription.cancel();
        assertEquals(2, events.size(), events::toString);
    }

    @Test
    void loopThatIsClosedMeanwhile() {
        run(() -> {
            publish(new Counting(9)).subscribe(recorder);
            recorder.subscription.request(1);
            await(turns());
            return Coroutine.done();
        });
        events.clear();
        loop.close();
        assertEquals(
                1, events.stream().filter(event -> event.startsWith("error")).count(), events::toString);
    }

    @Test
    void thereAndBack() {
        List<Integer> elements = new ArrayList<>();
        run(() -> {
            AsyncIterator<Integer> back = iterate(publish(iterate(publish(new Counting(20)), 3)), 2);
            while (await(back.hasNext())) {
                elements.add(back.next());
            }
            return Coroutine.done();
        });
        assertEquals(IntStream.rangeClosed(1, 20).boxed().toList(), elements);
        assertEquals(List.of("closed"), events);
    }

    @Test
    void needsALoop() {
        assertThrows(IllegalStateException.class, () -> publish(new Counting(1)));
    }
}
