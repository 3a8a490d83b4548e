// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.UnsupportedClassFile;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds loaded classes with coroutines that nobody has woven. Weaving adds methods, which the JVM does not allow for a class that
 * is loaded already.
 */
final class UnwovenClasses {

    /** Whether a class loader finds the runtime. Classes of other loaders are not looked at. */
    private final Map<ClassLoader, Boolean> findsRuntime = new HashMap<>();

    private UnwovenClasses() {}

    /** The names of the classes among {@code loaded} that would have been woven, in alphabetical order. */
    static List<String> names(Class<?>[] loaded) {
        UnwovenClasses search = new UnwovenClasses();
        List<String> names = new ArrayList<>();
        for (Class<?> type : loaded) {
            try {
                if (search.maySeeHeddle(type) && hasCoroutines(type) && !isWoven(type)) {
                    names.add(type.getName());
                }
            } catch (IOException | RuntimeException | LinkageError unknown) {
                // A loader that reads nothing any more, or a method that names a missing class.
            }
        }
        names.sort(null);
        return names;
    }

    private boolean maySeeHeddle(Class<?> type) {
        @Nullable ClassLoader loader = type.getClassLoader();
        return loader != null
                && loader != ClassLoader.getPlatformClassLoader()
                && !type.isArray()
                && !type.isHidden()
                && findsRuntime.computeIfAbsent(
                        loader, finder -> finder.getResource(RuntimeNames.COROUTINE + ".class") != null);
    }

    /** Whether the weaver would weave or refuse the class file of {@code type}; without one, whether it has an async method. */
    private static boolean hasCoroutines(Class<?> type) throws IOException {
        byte @Nullable [] classFile = classFile(type);
        if (classFile == null) {
            return hasAsyncMethod(type);
        }
        if (ClassFileFilter.isWoven(classFile) || !ClassFileFilter.namesHeddle(classFile)) {
            return false;
        }
        try {
            WeaveResult result = Weaver.weave(classFile);
            return result.classFile() != null || !result.refusals().isEmpty();
        } catch (UnsupportedClassFile tooNew) {
            return hasAsyncMethod(type);
        }
    }

    private static byte @Nullable [] classFile(Class<?> type) throws IOException {
        try (@Nullable
                InputStream in =
                        type.getClassLoader().getResourceAsStream(type.getName().replace('.', '/') + ".class")) {
            return in == null ? null : in.readAllBytes();
        }
    }

    private static boolean hasAsyncMethod(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            for (Annotation annotation : method.getDeclaredAnnotations()) {
                if (annotation.annotationType().descriptorString().equals(RuntimeNames.ASYNC_DESCRIPTOR)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the class was woven when it was loaded, whatever its class file is like. */
    private static boolean isWoven(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().startsWith(RuntimeNames.PREFIX)) {
                return true;
            }
        }
        return false;
    }
}
