// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives JUnit Jupiter tests of every kind a {@link TestLoop} and an {@link EventRecorder}, as {@link CoroutineTest} does for a plain test. For
 * parameterized and repeated tests, of which each invocation has a loop of its own:
 *
 * <pre>{@code
 * @ParameterizedTest
 * @ValueSource(ints = {1, 10, 100})
 * @CoroutineTestLoop
 * void takesAsLongAsTheSlowest(int tasks, TestLoop test) {
 *     test.run(() -> …);
 * }
 * }</pre>
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TestLoopExtension.class)
public @interface CoroutineTestLoop {}
