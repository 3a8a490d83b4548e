// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Coroutine;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Finds the test methods of coroutines that JUnit Jupiter skips because they return a value. */
final class CoroutineTestMethods {

    private static final String JUPITER = "org.junit.jupiter.";
    private static final String REMEDY = "; make it return void and pass its body to TestLoop.run";

    private CoroutineTestMethods() {}

    /** Whether {@code method} is such a test method. */
    static boolean isOne(Method method) {
        boolean isTest = isAnnotated(method, Test.class) || isAnnotated(method, TestTemplate.class);
        Class<?> result = method.getReturnType();
        return isTest
                && !method.isSynthetic()
                && result != void.class
                && (Coroutine.class.isAssignableFrom(result) || isAnnotated(method, CoroutineTest.class));
    }

    private static boolean isAnnotated(AnnotatedElement element, Class<? extends Annotation> annotation) {
        return AnnotationSupport.isAnnotated(element, annotation);
    }

    /** Returns the test methods of {@code type}, including inherited ones. */
    static List<Method> of(Class<?> type) {
        return ReflectionSupport.findMethods(type, CoroutineTestMethods::isOne, HierarchyTraversalMode.TOP_DOWN);
    }

    /** Returns the nested test classes of {@code type} that contain such test methods. */
    static List<Class<?>> nestedIn(Class<?> type) {
        return nestedIn(type, new HashSet<>());
    }

    /** As {@link #nestedIn(Class)}, inside {@code enclosing}: JUnit offers a nested class itself, too, and the classes that its superclasses contain. */
    private static List<Class<?>> nestedIn(Class<?> type, Set<Class<?>> enclosing) {
        enclosing.add(type);
        List<Class<?>> found = ReflectionSupport.findNestedClasses(
                type, nested -> !enclosing.contains(nested) && isNested(nested) && areIn(nested, enclosing));
        enclosing.remove(type);
        return found;
    }

    /** Whether {@code type} is, to JUnit, a nested test class of the class that encloses it. */
    static boolean isNested(Class<?> type) {
        return isAnnotated(type, Nested.class) && !isStatic(type);
    }

    private static boolean isStatic(Class<?> type) {
        return Modifier.isStatic(type.getModifiers());
    }

    /** Whether {@code type} or one of its nested test classes contains such test methods. */
    static boolean areIn(Class<?> type) {
        return areIn(type, new HashSet<>());
    }

    private static boolean areIn(Class<?> type, Set<Class<?>> enclosing) {
        return !Modifier.isAbstract(type.getModifiers())
                && (!of(type).isEmpty() || !nestedIn(type, enclosing).isEmpty());
    }

    /** As {@link #areIn}, but false for nested test classes, which are found through the class that encloses them. */
    static boolean areInTopLevel(Class<?> type) {
        return (!type.isMemberClass() || isStatic(type))
                && !type.isLocalClass()
                && !type.isAnonymousClass()
                && areIn(type);
    }

    /** Returns the name of the method as JUnit displays it. */
    static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    /** Explains in one line why {@code method} of {@code type} cannot be run. Returns null if it can. */
    static @Nullable String refusal(Class<?> type, Method method) {
        String name = type.getName() + "." + signature(method) + " returns a "
                + method.getReturnType().getSimpleName() + ", so JUnit does not run it";
        if (!Coroutine.class.isAssignableFrom(method.getReturnType())) {
            return name + "; make it return void or a Coroutine";
        }
        if (!isAnnotated(method, CoroutineTest.class)) {
            return name + "; annotate it with @CoroutineTest";
        }
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            return name + ", and it is private or static; a test must be neither";
        }
        String needed = neededOfJUnit(type, method);
        return needed == null ? null : name + ", and Heddle cannot run it because it needs " + needed + REMEDY;
    }

    /** Names a feature that {@code method} uses and only JUnit Jupiter supports. Returns null if there is none. */
    private static @Nullable String neededOfJUnit(Class<?> type, Method method) {
        if (isAnnotated(method, TestTemplate.class)) {
            return "several invocations";
        }
        for (Parameter parameter : method.getParameters()) {
            if (!TestFixture.provides(parameter.getType())) {
                return "the parameter " + parameter;
            }
        }
        List<AnnotatedElement> elements = new ArrayList<>(List.of(method));
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            elements.add(each);
            Optional<TestInstance> lifecycle = AnnotationSupport.findAnnotation(each, TestInstance.class);
            if (lifecycle.isPresent() && lifecycle.get().value() != TestInstance.Lifecycle.PER_METHOD) {
                return "one instance for all tests of " + each.getName();
            }
            for (Field field : ReflectionSupport.findFields(
                    each, CoroutineTestMethods::isJUnits, HierarchyTraversalMode.TOP_DOWN)) {
                return "the field " + field.getName();
            }
        }
        return elements.stream()
                .flatMap(CoroutineTestMethods::extensions)
                .filter(extension -> extension != TestLoopExtension.class)
                .map(extension -> "the extension " + extension.getName())
                .findFirst()
                .orElse(null);
    }

    private static Stream<Class<?>> extensions(AnnotatedElement element) {
        return AnnotationSupport.findRepeatableAnnotations(element, ExtendWith.class).stream()
                .flatMap(extendWith -> Arrays.stream(extendWith.value()));
    }

    /** Whether {@code field} has a JUnit annotation or extension. */
    private static boolean isJUnits(Field field) {
        return extensions(field).findAny().isPresent()
                || Arrays.stream(field.getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getName().startsWith(JUPITER));
    }
}
