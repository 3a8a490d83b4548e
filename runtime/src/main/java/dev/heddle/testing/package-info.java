/**
 * Tools for testing coroutines. {@link dev.heddle.testing.TestLoop} is an event loop in virtual time that detects tasks, coroutines and
 * failures left behind by a test. {@link dev.heddle.testing.EventRecorder} asserts the order of events. Test methods annotated with
 * {@link dev.heddle.testing.CoroutineTest} receive both as parameters; both also work without JUnit. {@link dev.heddle.testing.MemoryPair} and
 * {@link dev.heddle.testing.MemoryDatagrams} take the place of a network: streams and datagrams in memory, with latency and faults that a test sets.
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
 * <p>Test classes must be woven like all others: start the JVM of the tests with the agent (Maven Surefire:
 * {@code <argLine>-javaagent:heddle-agent.jar</argLine>}), or let the build weave them.
 */
@NullMarked
package dev.heddle.testing;

import org.jspecify.annotations.NullMarked;
