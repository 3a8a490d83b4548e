/**
 * Tools for tests of coroutines: {@link dev.heddle.testing.TestLoop}, a loop in virtual time that finds what a test leaves behind, and
 * {@link dev.heddle.testing.EventRecorder}, which asserts an order. JUnit Jupiter gives both to test methods with
 * {@link dev.heddle.testing.CoroutineTest}; without JUnit they work as well.
 *
 * <pre>{@code
 * @CoroutineTest
 * void theFasterIsFirst(TestLoop test, EventRecorder events) {
 *     test.run(() -> {
 *         await(gather(greet("slow", 3, events), greet("fast", 1, events)));
 *         return Coroutine.done();
 *     });
 *     events.assertEvents("fast@1", "slow@3");
 * }
 * }</pre>
 *
 * <p>Test classes are woven as all classes are: the JVM of the tests is started with the agent (Maven:
 * {@code <argLine>-javaagent:heddle-agent.jar</argLine>} of Surefire), or the build weaves them.
 */
@NullMarked
package dev.heddle.testing;

import org.jspecify.annotations.NullMarked;
