package dev.heddle.testkit;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.EventRecorder;
import dev.heddle.testing.TestLoop;
import dev.heddle.testing.TestLoopExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.MethodSelector;
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

    /** The outcome of each test of {@code tests}, by its name: the first line of the failure, or nothing. */
    private static Map<String, String> outcomes(Class<?> tests) {
        return outcomes(selectClass(tests));
    }

    private static Map<String, String> outcomes(DiscoverySelector selector) {
        Map<String, String> outcomes = new TreeMap<>();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selector).build();
        System.setProperty(ON_DEMAND, "true");
        Logger ofJUnit = Logger.getLogger("org.junit");
        Level level = ofJUnit.getLevel();
        ofJUnit.setLevel(Level.OFF); // it warns of methods that Jupiter leaves out
        try {
            LauncherFactory.create().execute(request, new TestExecutionListener() {
                @Override
                public void executionSkipped(TestIdentifier test, String reason) {
                    outcomes.put(test.getDisplayName().replaceAll("\\(.*", ""), "skipped: " + reason);
                }

                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                    if (test.isTest()) {
                        String name = test.getDisplayName().replaceAll("\\(.*", "");
                        outcomes.merge(name, firstLine(result), (one, other) -> one + " and " + other);
                    }
                }
            });
        } finally {
            ofJUnit.setLevel(level);
            System.clearProperty(ON_DEMAND);
        }
        return outcomes;
    }

    private static String firstLine(TestExecutionResult result) {
        return result.getThrowable()
                .map(Throwable::getMessage)
                .orElse("")
                .lines()
                .findFirst()
                .orElse("");
    }

    @Test
    void leftTasksAndLostFailuresFailATest() {
        Map<String, String> outcomes = outcomes(OnDemand.class);
        String lost = outcomes.remove("losesAFailure");
        assertTrue(lost.startsWith("nobody caught: Exception in callback "), lost);
        assertEquals(Map.of("succeeds", "", "leavesATask", "tasks are left:", "failsAndLeavesATask", "own"), outcomes);
    }

    // Methods that return a coroutine

    /** Not found by a build, as those above. */
    static class Returning {

        private static final List<String> LOG = new ArrayList<>();

        private TestLoop ofBefore;

        @BeforeAll
        static void beforeAll() {
            LOG.clear();
            LOG.add("before all");
        }

        @BeforeEach
        void before(TestLoop test) {
            org.junit.jupiter.api.Assumptions.assumeTrue(Boolean.getBoolean(ON_DEMAND));
            ofBefore = test;
            LOG.add("before");
        }

        @CoroutineTest
        @Async
        Coroutine<Void> succeeds(TestLoop test, EventRecorder events) {
            assertSame(ofBefore, test);
            assertSame(test.loop(), getRunningLoop());
            await(gather(greet("slow", 3, events), greet("fast", 1, events)));
            events.assertEvents("fast@1", "slow@3");
            LOG.add("test");
            return Coroutine.done();
        }

        @CoroutineTest
        @Async
        Coroutine<String> fails(EventRecorder events) throws IOException {
            await(greet("once", 1, events));
            throw new IOException("after an await");
        }

        @CoroutineTest
        @Async
        Coroutine<Void> leavesATask(EventRecorder events) {
            createTask(greet("left", 1, events));
            await(sleep(0));
            return Coroutine.done();
        }

        @SuppressWarnings("heddle") // forgets on purpose
        @CoroutineTest
        @Async
        Coroutine<Void> forgetsAnAwait(EventRecorder events) {
            greet("forgotten", 1, events);
            await(sleep(0));
            return Coroutine.done();
        }

        @CoroutineTest
        Coroutine<Void> neverAwaits() {
            assertSame(ofBefore.loop(), getRunningLoop());
            return Coroutine.done();
        }

        @Disabled("for a reason")
        @CoroutineTest
        Coroutine<Void> isDisabled() {
            throw new AssertionError("is run");
        }

        @CoroutineTest
        void returnsNothing(TestLoop test) {
            assertSame(ofBefore, test);
        }

        @AfterEach
        void after(TestLoop test) {
            assertTrue(!test.loop().isClosed(), "the loop lives as long as the test");
            LOG.add("after");
        }

        @AfterAll
        static void afterAll() {
            LOG.add("after all");
        }

        @Nested
        class Inner {

            @BeforeEach
            void beforeInner(TestLoop test) {
                assertSame(ofBefore, test);
            }

            @CoroutineTest
            @Async
            Coroutine<Void> isInner(TestLoop test) {
                await(sleep(1));
                assertEquals(1, test.time());
                assertSame(ofBefore, test);
                return Coroutine.done();
            }
        }
    }

    @Test
    void methodsThatReturnACoroutineAreRun() {
        Map<String, String> outcomes = outcomes(Returning.class);
        String forgotten = outcomes.remove("forgetsAnAwait");
        String expected = "coroutine 'dev.heddle.testkit.CoroutineTestIT.greet' was never awaited, created at ";
        assertTrue(forgotten.startsWith(expected), forgotten);
        assertEquals(
                Map.of(
                        "succeeds", "",
                        "fails", "after an await",
                        "leavesATask", "tasks are left:",
                        "neverAwaits", "",
                        "isDisabled", "skipped: for a reason",
                        "returnsNothing", "",
                        "isInner", ""),
                outcomes);
    }

    @Test
    void whatBelongsAroundThemIsRunToo() {
        assertEquals(Map.of("succeeds", ""), outcomes(succeeds()));
        assertEquals(List.of("before all", "before", "test", "after", "after all"), Returning.LOG);
    }

    private static MethodSelector succeeds() {
        return selectMethod(
                Returning.class, "succeeds", "dev.heddle.testing.TestLoop, dev.heddle.testing.EventRecorder");
    }

    @Test
    void theyAreFoundHoweverTheyAreSelected() {
        String id = "[engine:heddle]/[class:" + Returning.class.getName() + "]";
        assertEquals(Map.of("succeeds", ""), outcomes(succeeds()));
        assertEquals(
                Map.of("succeeds", ""), outcomes(selectUniqueId(id + "/[method:succeeds(TestLoop, EventRecorder)]")));
        assertEquals(7, outcomes(selectUniqueId(id)).size(), "those of Jupiter are not below this");
        assertEquals(Map.of("isInner", ""), outcomes(selectClass(Returning.Inner.class)));
        assertEquals(
                Map.of("isInner", ""), outcomes(selectNestedClass(List.of(Returning.class), Returning.Inner.class)));
        assertEquals(
                Map.of("isInner", ""),
                outcomes(selectNestedMethod(
                        List.of(Returning.class), Returning.Inner.class, "isInner", "dev.heddle.testing.TestLoop")));
    }

    /** Tests that neither JUnit nor Heddle can run. */
    static class Refused {

        @Test
        Coroutine<Void> plainTest() {
            return Coroutine.done();
        }

        @CoroutineTest
        int number() {
            return 1;
        }

        @CoroutineTest
        static Coroutine<Void> isStatic() {
            return Coroutine.done();
        }

        @CoroutineTest
        Coroutine<Void> withInfo(TestInfo info) {
            return Coroutine.done();
        }

        @RepeatedTest(2)
        @CoroutineTest
        Coroutine<Void> repeated() {
            return Coroutine.done();
        }

        @EnabledOnOs(OS.OTHER)
        @CoroutineTest
        Coroutine<Void> onAnotherSystem() {
            return Coroutine.done();
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class RefusedClass {

        @CoroutineTest
        Coroutine<Void> any() {
            return Coroutine.done();
        }
    }

    static class RefusedField {

        @TempDir
        Path directory;

        @CoroutineTest
        Coroutine<Void> any() {
            return Coroutine.done();
        }
    }

    private static String refusal(Class<?> type, String method, String rest) {
        return type.getName() + "." + method + ", so JUnit does not run it" + rest;
    }

    private static String needs(Class<?> type, String method, String what) {
        return refusal(
                type,
                method + " returns a Coroutine",
                ", and Heddle cannot run it because it needs " + what
                        + "; make it return void and pass its body to TestLoop.run");
    }

    @Test
    void whatCannotBeRunFailsWithOneLine() {
        Class<?> type = Refused.class;
        assertEquals(
                Map.of(
                        "plainTest",
                        refusal(type, "plainTest() returns a Coroutine", "; annotate it with @CoroutineTest"),
                        "number",
                        refusal(type, "number() returns a int", "; make it return void or a Coroutine"),
                        "isStatic",
                        refusal(
                                type,
                                "isStatic() returns a Coroutine",
                                ", and it is private or static; a test must be neither"),
                        "withInfo",
                        needs(type, "withInfo(TestInfo)", "the parameter org.junit.jupiter.api.TestInfo arg0"),
                        "repeated",
                        needs(type, "repeated()", "several invocations"),
                        "onAnotherSystem",
                        needs(
                                type,
                                "onAnotherSystem()",
                                "the extension org.junit.jupiter.api.condition.EnabledOnOsCondition")),
                outcomes(type));
        String ofClass = "one instance for all tests of " + RefusedClass.class.getName();
        assertEquals(Map.of("any", needs(RefusedClass.class, "any()", ofClass)), outcomes(RefusedClass.class));
        assertEquals(
                Map.of("any", needs(RefusedField.class, "any()", "the field directory")), outcomes(RefusedField.class));
    }
}
