// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.engine.discovery.NestedClassSelector;
import org.junit.platform.engine.discovery.NestedMethodSelector;
import org.junit.platform.engine.discovery.UniqueIdSelector;
import org.junit.platform.engine.support.discovery.SelectorResolver;

/** Finds the test methods that return a coroutine among the selected classes and methods. */
final class CoroutineTestResolver implements SelectorResolver {

    private static final String CLASS = "class";
    private static final String METHOD = "method";

    @Override
    public Resolution resolve(ClassSelector selector, Context context) {
        Class<?> type = selector.getJavaClass();
        if (!CoroutineTestMethods.areIn(type)) {
            return Resolution.unresolved();
        }
        Function<TestDescriptor, Optional<CoroutineTestDescriptor>> child = parent ->
                Optional.of(new CoroutineTestDescriptor(parent.getUniqueId().append(CLASS, type.getName()), type));
        Optional<CoroutineTestDescriptor> added = CoroutineTestMethods.isNested(type)
                ? context.addToParent(() -> DiscoverySelectors.selectClass(type.getEnclosingClass()), child)
                : context.addToParent(child);
        return added.map(found -> Resolution.match(Match.exact(found, () -> partsOf(type))))
                .orElseGet(Resolution::unresolved);
    }

    private static Set<DiscoverySelector> partsOf(Class<?> type) {
        Set<DiscoverySelector> parts = new LinkedHashSet<>();
        for (Method method : CoroutineTestMethods.of(type)) {
            parts.add(DiscoverySelectors.selectMethod(type, method));
        }
        for (Class<?> nested : CoroutineTestMethods.nestedIn(type)) {
            parts.add(DiscoverySelectors.selectClass(nested));
        }
        return parts;
    }

    @Override
    public Resolution resolve(NestedClassSelector selector, Context context) {
        return resolve(DiscoverySelectors.selectClass(selector.getNestedClass()), context);
    }

    @Override
    public Resolution resolve(MethodSelector selector, Context context) {
        return resolve(selector.getJavaClass(), selector.getJavaMethod(), context);
    }

    @Override
    public Resolution resolve(NestedMethodSelector selector, Context context) {
        return resolve(selector.getNestedClass(), selector.getMethod(), context);
    }

    private static Resolution resolve(Class<?> type, Method method, Context context) {
        if (!CoroutineTestMethods.isOne(method)) {
            return Resolution.unresolved();
        }
        String signature = CoroutineTestMethods.signature(method);
        return context.addToParent(
                        () -> DiscoverySelectors.selectClass(type),
                        parent -> Optional.of(new CoroutineTestDescriptor(
                                parent.getUniqueId().append(METHOD, signature), type, method)))
                .map(found -> Resolution.match(Match.exact(found)))
                .orElseGet(Resolution::unresolved);
    }

    @Override
    public Resolution resolve(UniqueIdSelector selector, Context context) {
        UniqueId.Segment last = selector.getUniqueId().getLastSegment();
        if (last.getType().equals(CLASS)) {
            return resolve(DiscoverySelectors.selectClass(last.getValue()), context);
        }
        if (!last.getType().equals(METHOD)) {
            return Resolution.unresolved();
        }
        UniqueId.Segment parent = selector.getUniqueId().removeLastSegment().getLastSegment();
        Class<?> type = DiscoverySelectors.selectClass(parent.getValue()).getJavaClass();
        for (Method method : CoroutineTestMethods.of(type)) {
            if (CoroutineTestMethods.signature(method).equals(last.getValue())) {
                return resolve(type, method, context);
            }
        }
        return Resolution.unresolved();
    }
}
