package dev.heddle.testkit;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.CoroutineTestLoop;
import dev.heddle.testing.EventRecorder;
import dev.heddle.testing.TestLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Tests as users write them, with the other features of JUnit and with Spring. */
class UserTestsIT {

    @Async
    private static Coroutine<Integer> work(int seconds) {
        await(sleep(seconds));
        return Coroutine.of(seconds);
    }

    @Async
    private static Coroutine<Void> failing(Exception failure) throws Exception {
        await(sleep(1));
        throw failure;
    }

    @Nested
    class Failing {

        @CoroutineTest
        @Async
        Coroutine<Void> expectedFailureIsReturned() throws Exception {
            IOException failure = new IOException("refused");
            assertSame(failure, await(assertFails(IOException.class, failing(failure))));
            assertSame(failure, await(assertFails(Exception.class, createTask(failing(failure)))));
            assertSame(failure, await(assertFails(IOException.class, () -> failing(failure))));
            assertSame(failure, await(assertFails(IOException.class, () -> {
                throw failure;
            })));
            return Coroutine.done();
        }

        @CoroutineTest
        void successFails(TestLoop test) {
            AssertionError error =
                    assertThrows(AssertionError.class, () -> test.run(() -> assertFails(IOException.class, work(2))));
            assertEquals("expected java.io.IOException, but it succeeded with: 2", error.getMessage());
        }

        @CoroutineTest
        void otherFailureIsTheCause(TestLoop test) {
            Exception other = new IllegalStateException("other");
            AssertionError error = assertThrows(
                    AssertionError.class, () -> test.run(() -> assertFails(IOException.class, () -> failing(other))));
            assertEquals(
                    "expected java.io.IOException, but it failed with: java.lang.IllegalStateException: other",
                    error.getMessage());
            assertSame(other, error.getCause());
        }

        @CoroutineTest
        @Async
        Coroutine<Void> cancellationOfTheTestedTaskIsAFailure() {
            Task<Integer> task = createTask(work(1));
            task.cancel("enough");
            assertEquals(
                    "enough", await(assertFails(CancelledError.class, task)).getMessage());
            return Coroutine.done();
        }

        @CoroutineTest
        @Async
        Coroutine<Void> ownCancellationPropagates() {
            Task<Throwable> asserting = createTask(assertFails(Throwable.class, work(1)));
            await(sleep(0));
            asserting.cancel();
            await(assertFails(CancelledError.class, asserting));
            assertTrue(asserting.isCancelled());
            return Coroutine.done();
        }
    }

    @Nested
    class SeveralInvocations {

        private static final Set<TestLoop> LOOPS = new HashSet<>();

        @ParameterizedTest
        @ValueSource(ints = {1, 10, 100})
        @CoroutineTestLoop
        void parameterized(int count, TestLoop test) {
            LOOPS.add(test);
            List<Coroutine<Integer>> all = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                all.add(work(i));
            }
            test.run(() -> {
                assertEquals(count, await(gather(all)).size());
                return Coroutine.done();
            });
            assertEquals(count, test.time());
        }

        @ParameterizedTest
        @CsvSource({"1, 2, 2", "5, 3, 5"})
        @CoroutineTestLoop
        void parameterizedWithTwoFixtures(int one, int other, int slowest, TestLoop test, EventRecorder events) {
            LOOPS.add(test);
            test.run(() -> {
                await(gather(work(one), work(other)));
                events.at("done");
                return Coroutine.done();
            });
            events.assertEvents("done@" + slowest);
        }

        @RepeatedTest(3)
        @CoroutineTestLoop
        void repeated(RepetitionInfo repetition, TestLoop test) {
            LOOPS.add(test);
            test.run(() -> work(repetition.getCurrentRepetition()));
            assertEquals(repetition.getCurrentRepetition(), test.time());
        }

        @AfterAll
        static void eachInvocationHasALoopOfItsOwn() {
            assertEquals(8, LOOPS.size());
            LOOPS.clear();
        }
    }

    /** A bean. */
    static final class Greeter {

        @Async
        Coroutine<String> greet(String name) {
            await(sleep(1));
            return Coroutine.of("hello " + name);
        }
    }

    @Configuration
    static class Beans {

        @Bean
        Greeter greeter() {
            return new Greeter();
        }
    }

    @Nested
    @SpringJUnitConfig(Beans.class)
    class InTheContextOfSpring {

        @Autowired
        private Greeter field;

        @CoroutineTest
        void injectedBeanIsTested(TestLoop test, EventRecorder events, @Autowired Greeter parameter) {
            assertSame(field, parameter);
            test.run(() -> {
                assertEquals("hello you", await(parameter.greet("you")));
                events.at("greeted");
                return Coroutine.done();
            });
            events.assertEvents("greeted@1");
        }

        @RepeatedTest(2)
        @CoroutineTestLoop
        void injectedBeanIsTestedRepeatedly(TestLoop test) {
            assertEquals("hello you", test.run(() -> field.greet("you")));
        }
    }

    @Test
    void ordinaryTestsAreLeftAlone() {
        assertThrows(IllegalStateException.class, dev.heddle.Asyncio::getRunningLoop);
    }
}
