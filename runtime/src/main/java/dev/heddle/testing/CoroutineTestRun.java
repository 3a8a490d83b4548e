// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Coroutine;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.opentest4j.TestAbortedException;

/**
 * Runs the test methods of one class that return coroutines. As in JUnit Jupiter, each has its own instance and is run between the before
 * and after methods.
 */
final class CoroutineTestRun {

    /** An action that may throw anything. */
    private interface Action {
        void run() throws Throwable;
    }

    private final Class<?> type;
    private final EngineExecutionListener listener;

    CoroutineTestRun(Class<?> type, EngineExecutionListener listener) {
        this.type = type;
        this.listener = listener;
    }

    /** Runs the tests in {@code descriptor}, which describes the class. */
    void run(TestDescriptor descriptor) {
        execute(descriptor, type, () -> inClass(descriptor));
    }

    private void execute(TestDescriptor descriptor, AnnotatedElement element, Action action) {
        Optional<Disabled> disabled = AnnotationSupport.findAnnotation(element, Disabled.class);
        if (disabled.isPresent()) {
            String reason = disabled.get().value();
            listener.executionSkipped(descriptor, reason.isEmpty() ? element + " is @Disabled" : reason);
            return;
        }
        listener.executionStarted(descriptor);
        listener.executionFinished(descriptor, resultOf(action));
    }

    private static TestExecutionResult resultOf(Action action) {
        Throwable failure = new Attempts().of(action).failure;
        if (failure == null) {
            return TestExecutionResult.successful();
        }
        return failure instanceof TestAbortedException
                ? TestExecutionResult.aborted(failure)
                : TestExecutionResult.failed(failure);
    }

    private void inClass(TestDescriptor descriptor) throws Throwable {
        Attempts attempts = new Attempts();
        attempts.of(() -> {
            for (Method method : around(type, BeforeAll.class, HierarchyTraversalMode.TOP_DOWN)) {
                ReflectionSupport.invokeMethod(method, null);
            }
            for (TestDescriptor child : descriptor.getChildren()) {
                CoroutineTestDescriptor test = (CoroutineTestDescriptor) child;
                Method method = test.method();
                if (method == null) {
                    new CoroutineTestRun(test.type(), listener).run(test);
                } else {
                    execute(test, method, () -> test(method));
                }
            }
        });
        for (Method method : around(type, AfterAll.class, HierarchyTraversalMode.BOTTOM_UP)) {
            attempts.of(() -> ReflectionSupport.invokeMethod(method, null));
        }
        attempts.end();
    }

    private void test(Method method) throws Throwable {
        String refusal = CoroutineTestMethods.refusal(type, method);
        if (refusal != null) {
            throw new AssertionError(refusal);
        }
        TestFixture fixture = new TestFixture();
        List<Object> instances = new ArrayList<>();
        Attempts attempts = new Attempts();
        attempts.of(() -> {
            instances.addAll(instances(type));
            for (Object instance : instances) {
                for (Method before : around(instance.getClass(), BeforeEach.class, HierarchyTraversalMode.TOP_DOWN)) {
                    ReflectionSupport.invokeMethod(before, instance, fixture.arguments(before));
                }
            }
            Object instance = instances.get(instances.size() - 1);
            limited(fixture.loop(), method).run(() -> coroutine(method, instance, fixture));
        });
        Collections.reverse(instances);
        for (Object instance : instances) {
            for (Method after : around(instance.getClass(), AfterEach.class, HierarchyTraversalMode.BOTTOM_UP)) {
                attempts.of(() -> ReflectionSupport.invokeMethod(after, instance, fixture.arguments(after)));
            }
        }
        boolean failed = attempts.failure != null;
        attempts.of(() -> fixture.close(failed));
        attempts.end();
    }

    /** Calls {@code method}. The result of the coroutine is ignored. */
    private static Coroutine<?> coroutine(Method method, Object instance, TestFixture fixture) {
        Object coroutine = ReflectionSupport.invokeMethod(method, instance, fixture.arguments(method));
        return (Coroutine<?>) Objects.requireNonNull(coroutine, "a coroutine test returns a coroutine");
    }

    /** Creates an instance of {@code type}, preceded in the list by the instances of the classes that enclose it. */
    private static List<Object> instances(Class<?> type) {
        List<Object> instances = new ArrayList<>();
        if (type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
            instances.addAll(instances(type.getEnclosingClass()));
            instances.add(ReflectionSupport.newInstance(type, instances.get(instances.size() - 1)));
        } else {
            instances.add(ReflectionSupport.newInstance(type));
        }
        return instances;
    }

    private static List<Method> around(
            Class<?> type, Class<? extends Annotation> annotation, HierarchyTraversalMode mode) {
        return AnnotationSupport.findAnnotatedMethods(type, annotation, mode);
    }

    private TestLoop limited(TestLoop loop, Method method) {
        AnnotationSupport.findAnnotation(method, Timeout.class)
                .or(() -> AnnotationSupport.findAnnotation(type, Timeout.class))
                .ifPresent(limit ->
                        loop.timeLimit(Duration.of(limit.value(), limit.unit().toChronoUnit())));
        return loop;
    }

    /** Runs actions one after the other even if some fail. The first failure carries the others as suppressed exceptions. */
    private static final class Attempts {

        private @Nullable Throwable failure;

        Attempts of(Action action) {
            try {
                action.run();
            } catch (Throwable thrown) { // any throwable is the outcome of the test
                if (failure == null) {
                    failure = thrown;
                } else {
                    failure.addSuppressed(thrown);
                }
            }
            return this;
        }

        void end() throws Throwable {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
