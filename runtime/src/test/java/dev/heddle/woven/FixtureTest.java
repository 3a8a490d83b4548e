package dev.heddle.woven;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Classes woven for the calling convention of today must run with every later runtime of that convention. The class files are never made again.
 * When the convention grows, others are added, made in the same way: {@code javac -g --release 17} of the source beside the class files, then
 * the command {@code weave}.
 */
class FixtureTest {

    private static byte[] resource(String name) {
        try (InputStream in = FixtureTest.class.getResourceAsStream("fixture/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Defines the class files of the fixture. */
    private static final class Loader extends ClassLoader {

        Loader() {
            super(FixtureTest.class.getClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) {
            // Not "class": scanners of the class path would look for a class of this package.
            byte[] classFile = resource(name.substring(name.indexOf('.') + 1) + ".woven");
            return defineClass(name, classFile, 0, classFile.length);
        }
    }

    @Test
    void classesWovenBeforeRun() throws Exception {
        Class<?> fixture = Class.forName("fixture.Fixture", true, new Loader());
        Coroutine<?> all = (Coroutine<?>) fixture.getMethod("all").invoke(null);
        try (EventLoop loop = EventLoop.create()) {
            assertEquals(new String(resource("expected.txt"), StandardCharsets.UTF_8), loop.runUntilComplete(all));
        }
    }
}
