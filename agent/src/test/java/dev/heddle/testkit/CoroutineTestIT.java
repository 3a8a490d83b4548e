package dev.heddle.testkit;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.EventRecorder;
import dev.heddle.testing.TestLoop;
import dev.heddle.testing.TestLoopExtension;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The extension of JUnit, in tests that succeed and, run by JUnit on demand, tests that fail. */
class CoroutineTestIT {

    private static final String ON_DEMAND = "heddle.test.onDemand";

    @Async
    private static Coroutine<Void> greet(String name, double seconds, EventRecorder events) {
        await(sleep(seconds));
        events.at(name);
        return Coroutine.done();
    }

    @CoroutineTest
    void theFasterIsFirst(TestLoop test, EventRecorder events) {
        test.run(() -> {
            await(gather(greet("slow", 3, events), greet("fast", 1, events)));
            return Coroutine.done();
        });
        events.assertEvents("fast@1", "slow@3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @ExtendWith(TestLoopExtension.class)
    void eachInvocationHasALoopOfItsOwn(int seconds, TestLoop test) {
        assertEquals(0, test.time());
        test.run(() -> {
            await(sleep(seconds));
            return Coroutine.done();
        });
        assertEquals(seconds, test.time());
    }

    /** Not found by a build: only run below. */
    @ExtendWith(TestLoopExtension.class)
    static class OnDemand {

        private TestLoop ofBefore;

        @BeforeEach
        void before(TestLoop test) {
            org.junit.jupiter.api.Assumptions.assumeTrue(Boolean.getBoolean(ON_DEMAND));
            ofBefore = test;
        }

        @Test
        void succeeds(TestLoop test, EventRecorder events) {
            assertSame(ofBefore, test);
            test.run(() -> Coroutine.done());
            events.assertEvents();
        }

        @CoroutineTest
        void leavesATask(TestLoop test, EventRecorder events) {
            test.run(() -> {
                createTask(greet("left", 1, events));
                return Coroutine.done();
            });
        }

        @CoroutineTest
        void failsAndLeavesATask(TestLoop test, EventRecorder events) {
            test.loop().createTask(greet("left", 1, events));
            fail("own");
        }

        @CoroutineTest
        void losesAFailure(TestLoop test) {
            test.loop().callSoon(() -> {
                throw new IllegalStateException("lost");
            });
            test.runReady();
        }

        @AfterEach
        void after(TestLoop test) {
            assertTrue(!test.loop().isClosed(), "the loop lives as long as the test");
        }
    }

    /** The outcome of each test, by its name: the first line of the failure, or nothing. */
    private static Map<String, String> outcomes(Class<?> tests) {
        Map<String, String> outcomes = new TreeMap<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    String name = test.getDisplayName().replaceAll("\\(.*", "");
                    outcomes.put(
                            name,
                            result.getThrowable()
                                    .map(Throwable::getMessage)
                                    .orElse("")
                                    .lines()
                                    .findFirst()
                                    .orElse(""));
                }
            }
        });
        return outcomes;
    }

    @Test
    void leftTasksAndLostFailuresFailATest() {
        System.setProperty(ON_DEMAND, "true");
        try {
            Map<String, String> outcomes = outcomes(OnDemand.class);
            String lost = outcomes.remove("losesAFailure");
            assertTrue(lost.startsWith("nobody caught: Exception in callback "), lost);
            assertEquals(
                    Map.of("succeeds", "", "leavesATask", "tasks are left:", "failsAndLeavesATask", "own"), outcomes);
        } finally {
            System.clearProperty(ON_DEMAND);
        }
    }
}
