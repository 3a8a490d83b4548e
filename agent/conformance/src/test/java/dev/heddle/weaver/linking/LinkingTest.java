package dev.heddle.weaver.linking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.WovenShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The JVM links a woven class without looking at any class of the calling convention. Otherwise a class would fail to link
 * with a runtime of another convention, before it could say what is wrong.
 */
class LinkingTest {

    /** Defines woven classes, and notes the classes of the convention that the JVM asks for. */
    private static final class Linker extends ClassLoader {

        private final Map<String, byte[]> classFiles;
        private final List<String> conventional = new ArrayList<>();

        Linker(Map<String, byte[]> classFiles) {
            super(LinkingTest.class.getClassLoader());
            this.classFiles = classFiles;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.heddle.woven.")) {
                conventional.add(name);
            }
            byte[] classFile = classFiles.get(name);
            if (classFile == null) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : defineClass(name, classFile, 0, classFile.length);
        }
    }

    @Test
    void looksAtNoClassOfTheConvention() throws Exception {
        assertLinks(TargetLoader::weave);
    }

    @Test
    void norDoesItWithCompactBodies() throws Exception {
        assertLinks(TargetLoader::weaveCompactly);
    }

    private static void assertLinks(UnaryOperator<byte[]> weaver) throws Exception {
        Map<String, byte[]> woven = WovenShapes.wovenBy(weaver);
        long changed = woven.values().stream().filter(ClassFileFilter::isWoven).count();
        assertTrue(changed > 15, changed + " woven classes");
        Linker linker = new Linker(woven);
        for (String name : woven.keySet()) {
            Class.forName(name, true, linker);
        }
        assertEquals(List.of(), linker.conventional);
    }
}
