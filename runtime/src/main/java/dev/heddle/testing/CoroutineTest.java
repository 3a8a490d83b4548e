// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a JUnit Jupiter test of coroutines. The method may take a {@link TestLoop} and an {@link EventRecorder} as parameters. The test
 * fails if it leaves unfinished tasks, uncaught failures or coroutines that were never awaited. Either it returns {@code void} and passes
 * its body to {@link TestLoop#run}, or it is a coroutine itself:
 *
 * <pre>{@code
 * @CoroutineTest
 * @Async
 * Coroutine<Void> theFasterIsFirst(EventRecorder events) {
 *     await(gather(greet("slow", 3, events), greet("fast", 1, events)));
 *     events.assertEvents("fast@1", "slow@3");
 *     return Coroutine.done();
 * }
 * }</pre>
 *
 * <p>JUnit Jupiter runs only methods that return {@code void}. The {@link CoroutineTestEngine} therefore runs the tests that return a
 * coroutine, including their before and after methods and tests in nested classes. JUnit Jupiter logs a warning that it skips them. A
 * test that returns a coroutine cannot use extensions, conditions, parameters of other types or one instance for several tests: these
 * need JUnit Jupiter. If it does, it fails with a message that names the feature.
 *
 * <p>Parameterized and repeated tests return {@code void}. Annotate them with {@link CoroutineTestLoop} in addition to JUnit's own annotation.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(TestLoopExtension.class)
public @interface CoroutineTest {}
