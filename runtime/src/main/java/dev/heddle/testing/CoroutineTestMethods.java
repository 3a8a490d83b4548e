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
import java.util.List;
import java.util.Optional;
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

/** Which test methods JUnit Jupiter leaves out because they return something that has to do with coroutines. */
final class CoroutineTestMethods {

    private static final String JUPITER = "org.junit.jupiter.";
    private static final String REMEDY = "; let it return nothing, and give its body to TestLoop.run";

    private CoroutineTestMethods() {}

    /** Whether {@code method} is one. */
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

    /** The methods of {@code type}, inherited ones too. */
    static List<Method> of(Class<?> type) {
        return ReflectionSupport.findMethods(type, CoroutineTestMethods::isOne, HierarchyTraversalMode.TOP_DOWN);
    }

    /** The classes that JUnit regards as a part of the test class {@code type} and that have such methods. */
    static List<Class<?>> nestedIn(Class<?> type) {
        return ReflectionSupport.findNestedClasses(type, nested -> isNested(nested) && areIn(nested));
    }

    /** Whether JUnit regards {@code type} as a part of the test class that encloses it. */
    static boolean isNested(Class<?> type) {
        return isAnnotated(type, Nested.class) && !isStatic(type);
    }

    private static boolean isStatic(Class<?> type) {
        return Modifier.isStatic(type.getModifiers());
    }

    /** Whether there are some in {@code type} or in those that are nested in it. */
    static boolean areIn(Class<?> type) {
        return !Modifier.isAbstract(type.getModifiers())
                && (!of(type).isEmpty() || !nestedIn(type).isEmpty());
    }

    /** As {@link #areIn}, for a class that is found by itself: what is nested in another is found there. */
    static boolean areInTopLevel(Class<?> type) {
        return (!type.isMemberClass() || isStatic(type))
                && !type.isLocalClass()
                && !type.isAnonymousClass()
                && areIn(type);
    }

    /** The method as JUnit shows it. */
    static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    /** Why {@code method} of {@code type} cannot be run, in one line; null if it can. */
    static @Nullable String refusal(Class<?> type, Method method) {
        String name = type.getName() + "." + signature(method) + " returns a "
                + method.getReturnType().getSimpleName() + ", so that JUnit does not run it";
        if (!Coroutine.class.isAssignableFrom(method.getReturnType())) {
            return name + "; let it return nothing or a Coroutine";
        }
        if (!isAnnotated(method, CoroutineTest.class)) {
            return name + "; annotate it with @CoroutineTest";
        }
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            return name + ", and it is private or static; a test is neither";
        }
        String needed = neededOfJUnit(type, method);
        return needed == null ? null : name + ", and Heddle cannot, as it needs " + needed + REMEDY;
    }

    /** The feature of {@code method} that only JUnit Jupiter itself supports, null if there is none. */
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

    /** Whether JUnit does something with {@code field}. */
    private static boolean isJUnits(Field field) {
        return extensions(field).findAny().isPresent()
                || Arrays.stream(field.getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getName().startsWith(JUPITER));
    }
}
