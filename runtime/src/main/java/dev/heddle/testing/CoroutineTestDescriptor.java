// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;

/** Describes a test method that returns a coroutine, or a class that contains such methods. */
final class CoroutineTestDescriptor extends AbstractTestDescriptor {

    private final Class<?> type;

    /** Null for a class. */
    private final @Nullable Method method;

    /** Describes the class {@code type}. */
    CoroutineTestDescriptor(UniqueId id, Class<?> type) {
        super(id, nameOf(type, type.getSimpleName()), ClassSource.from(type));
        this.type = type;
        this.method = null;
    }

    /** Describes {@code method} of {@code type}, which may inherit it. */
    CoroutineTestDescriptor(UniqueId id, Class<?> type, Method method) {
        super(id, nameOf(method, CoroutineTestMethods.signature(method)), MethodSource.from(type, method));
        this.type = type;
        this.method = method;
    }

    private static String nameOf(AnnotatedElement element, String name) {
        return AnnotationSupport.findAnnotation(element, DisplayName.class)
                .map(DisplayName::value)
                .orElse(name);
    }

    Class<?> type() {
        return type;
    }

    /** The method, null for a class. */
    @Nullable
    Method method() {
        return method;
    }

    @Override
    public Type getType() {
        return method == null ? Type.CONTAINER : Type.TEST;
    }

    @Override
    public Set<TestTag> getTags() {
        Set<TestTag> tags = new LinkedHashSet<>(tagsOf(type));
        if (method != null) {
            tags.addAll(tagsOf(method));
        }
        return tags;
    }

    private static Set<TestTag> tagsOf(AnnotatedElement element) {
        return AnnotationSupport.findRepeatableAnnotations(element, Tag.class).stream()
                .map(tag -> TestTag.create(tag.value()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
