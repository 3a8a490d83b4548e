package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every public method that makes a cold awaitable says that its result must not be dropped. */
class CheckReturnValueTest {

    private static final List<String> PACKAGES = List.of("", "sync", "monitor", "net", "process", "testing", "workers");

    /** A task returns the coroutine that it runs, and the methods of a barrier do their work at once. */
    private static final Set<String> EXEMPT =
            Set.of("dev.heddle.Task.coroutine", "dev.heddle.sync.Barrier.reset", "dev.heddle.sync.Barrier.abort");

    private static List<Class<?>> types() throws IOException, ClassNotFoundException {
        Path root = Program.whereIs(Coroutine.class);
        List<Class<?>> types = new ArrayList<>();
        for (String name : PACKAGES) {
            try (Stream<Path> files = Files.list(root.resolve("dev/heddle").resolve(name))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String path = root.relativize(file).toString();
                    if (path.endsWith(".class") && !path.endsWith("package-info.class")) {
                        String type = path.substring(0, path.length() - 6).replace('/', '.');
                        types.add(Class.forName(type, false, CheckReturnValueTest.class.getClassLoader()));
                    }
                }
            }
        }
        return types;
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static boolean returnsCold(Method method) {
        Class<?> result = method.getReturnType();
        return Awaitable.class.isAssignableFrom(result) && !Future.class.isAssignableFrom(result);
    }

    @Test
    void noMethodIsMissing() throws Exception {
        Set<String> missing = new TreeSet<>();
        Set<String> superfluous = new TreeSet<>();
        int annotated = 0;
        for (Class<?> type : types()) {
            for (Method method : isVisible(type.getModifiers()) ? type.getDeclaredMethods() : new Method[0]) {
                String name = type.getName() + "." + method.getName();
                boolean expected = isVisible(method.getModifiers())
                        && !method.isSynthetic()
                        && returnsCold(method)
                        && !EXEMPT.contains(name);
                boolean isAnnotated = method.isAnnotationPresent(CheckReturnValue.class);
                annotated += isAnnotated ? 1 : 0;
                if (expected != isAnnotated && !method.isSynthetic()) {
                    (expected ? missing : superfluous).add(name);
                }
            }
        }
        assertEquals(Set.of(), missing);
        assertEquals(Set.of(), superfluous);
        assertTrue(annotated > 60, "found too few methods");
    }
}
