package dev.heddle.flow;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.iterate;
import static dev.heddle.Asyncio.publish;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.Async;
import dev.heddle.AsyncIterator;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** The rules of Reactive Streams, by the tests of that project, for both bridges. The loop runs on a thread of its own. */
@Tag("slow") // the tests wait for signals that must not come
class ReactiveStreamsTckIT {

    private static final TestEnvironment ENVIRONMENT = new TestEnvironment(30_000, 20, 20);

    private static final EventLoop LOOP = EventLoop.create();

    private static final Thread THREAD = started();

    private static Thread started() {
        LOOP.setExceptionHandler((loop, context) -> {}); // some subscribers of the tests are broken on purpose
        Thread thread = new Thread(LOOP::runForever, "loop of the test");
        thread.start();
        return thread;
    }

    @AfterAll
    static void end() throws InterruptedException {
        LOOP.callSoonThreadsafe(LOOP::stop);
        THREAD.join();
        LOOP.close();
    }

    private static <T> T inLoop(AsyncSupplier<T> body) {
        return LOOP.submit(body).join();
    }

    /** Counts, and sometimes waits. */
    private static final class Range implements AsyncIterator<Integer> {

        private final long count;
        private int next;

        Range(long count) {
            this.count = count;
        }

        @Override
        @Async
        public Coroutine<Boolean> hasNext() {
            if (next % 3 == 0) {
                await(sleep(0));
            }
            return Coroutine.of(next < count);
        }

        @Override
        public Integer next() {
            return next++;
        }

        @Override
        public Coroutine<Void> close() {
            return Coroutine.done();
        }
    }

    /** Fails at once. */
    private static final class Failing implements AsyncIterator<Integer> {

        @Override
        @Async
        public Coroutine<Boolean> hasNext() {
            throw new IllegalStateException("failing");
        }

        @Override
        public Integer next() {
            throw new IllegalStateException("there is none");
        }

        @Override
        public Coroutine<Void> close() {
            return Coroutine.done();
        }
    }

    static final class PublisherRules extends FlowPublisherVerification<Integer> {

        PublisherRules() {
            super(ENVIRONMENT);
        }

        @Override
        public Flow.Publisher<Integer> createFlowPublisher(long elements) {
            return inLoop(() -> Coroutine.of(publish(new Range(elements))));
        }

        /** It fails after the first request, and no earlier. */
        @Override
        public Flow.Publisher<Integer> createFailedFlowPublisher() {
            Flow.Publisher<Integer> failing = inLoop(() -> Coroutine.of(publish(new Failing())));
            return subscriber -> failing.subscribe(new Flow.Subscriber<Integer>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscriber.onSubscribe(subscription);
                    subscription.request(1);
                }

                @Override
                public void onNext(Integer element) {
                    subscriber.onNext(element);
                }

                @Override
                public void onError(Throwable failure) {
                    subscriber.onError(failure);
                }

                @Override
                public void onComplete() {
                    subscriber.onComplete();
                }
            });
        }
    }

    static final class SubscriberRules extends FlowSubscriberBlackboxVerification<Integer> {

        SubscriberRules() {
            super(ENVIRONMENT);
        }

        @Override
        public Flow.Subscriber<Integer> createFlowSubscriber() {
            CompletableFuture<Flow.Subscriber<Integer>> made = new CompletableFuture<>();
            Flow.Publisher<Integer> publisher = subscriber -> made.complete(narrowed(subscriber));
            LOOP.submit(() -> {
                AsyncIterator<Integer> iterator = iterate(publisher, 2);
                while (await(iterator.hasNext())) {
                    iterator.next();
                }
                return Coroutine.done();
            });
            return made.join();
        }

        @SuppressWarnings("unchecked") // a subscriber only takes elements
        private static Flow.Subscriber<Integer> narrowed(Flow.Subscriber<? super Integer> subscriber) {
            return (Flow.Subscriber<Integer>) subscriber;
        }

        @Override
        public Integer createElement(int element) {
            return element;
        }
    }

    @TestFactory
    Stream<DynamicTest> publisher() {
        return tests(PublisherRules.class);
    }

    @TestFactory
    Stream<DynamicTest> subscriber() {
        return tests(SubscriberRules.class);
    }

    private static Stream<DynamicTest> tests(Class<?> rules) {
        return Arrays.stream(rules.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> dynamicTest(method.getName(), () -> check(rules, method)));
    }

    /** Runs one test as TestNG does. */
    private static void check(Class<?> rules, Method test) throws Throwable {
        Object instance = rules.getDeclaredConstructor().newInstance();
        callAll(instance, BeforeClass.class);
        try {
            callAll(instance, BeforeMethod.class);
            test.invoke(instance);
        } catch (InvocationTargetException raised) {
            // A rule that does not apply, such as one for publishers with several subscribers.
            assumeFalse(raised.getCause() instanceof SkipException, raised.getCause()::getMessage);
            throw raised.getCause();
        } finally {
            callAll(instance, AfterClass.class);
        }
    }

    private static void callAll(Object instance, Class<? extends Annotation> annotation)
            throws ReflectiveOperationException {
        for (Method method : instance.getClass().getMethods()) {
            if (method.isAnnotationPresent(annotation)) {
                method.invoke(instance);
            }
        }
    }
}
