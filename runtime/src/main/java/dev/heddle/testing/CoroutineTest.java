package dev.heddle.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method of JUnit Jupiter that may have a {@link TestLoop} and an {@link EventRecorder} as parameters, and fails if it leaves tasks,
 * failures or coroutines behind that nobody awaited. It returns nothing and gives its body to {@link TestLoop#run}, or it is itself a
 * coroutine:
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
 * <p>JUnit Jupiter runs no method that returns something, so the {@link CoroutineTestEngine} runs those that return a coroutine, with the
 * methods before and after it, in nested classes too. JUnit logs a warning that it leaves them out itself. Extensions, conditions, parameters of other types and
 * one instance for several tests need JUnit Jupiter: a test that returns a coroutine and uses one of them fails with a message that says so.
 *
 * <p>For parameterized and repeated tests, which return nothing, the annotation is {@code @ExtendWith(TestLoopExtension.class)}, beside JUnit's own.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(TestLoopExtension.class)
public @interface CoroutineTest {}
