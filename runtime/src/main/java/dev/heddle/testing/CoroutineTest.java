package dev.heddle.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method of JUnit Jupiter that may have a {@link TestLoop} and an {@link EventRecorder} as parameters, and fails if it leaves tasks
 * or failures behind. Its body is a coroutine given to {@link TestLoop#run}, as JUnit calls no methods that return something. For
 * parameterized and repeated tests the annotation is {@code @ExtendWith(TestLoopExtension.class)}, beside JUnit's own.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(TestLoopExtension.class)
public @interface CoroutineTest {}
