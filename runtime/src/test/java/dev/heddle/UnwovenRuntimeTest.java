package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime that was compiled without Maven, as an IDE does, is not woven. */
class UnwovenRuntimeTest {

    private static void compile(Path target) throws IOException {
        Path sources = Path.of("src/main/java");
        List<String> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.map(Path::toString)
                    .filter(name -> name.endsWith(".java") && !name.contains("module-info"))
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-nowarn", "-d", target.toString(), "-cp", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromStrings(files))
                .call();
        assertTrue(compiled, messages::toString);
    }

    @Test
    void saysThatItHasToBeWoven(@TempDir Path classes) throws Exception {
        compile(classes);
        URL[] path = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> supplier = loader.loadClass("dev.heddle.AsyncSupplier");
            Object body = Proxy.newProxyInstance(loader, new Class<?>[] {supplier}, (proxy, method, arguments) -> null);
            InvocationTargetException thrown = assertThrows(
                    InvocationTargetException.class,
                    () -> loader.loadClass("dev.heddle.Asyncio")
                            .getMethod("run", supplier)
                            .invoke(null, body));
            String message = String.valueOf(thrown.getCause().getMessage()).replaceAll("java:[0-9]+", "java");
            assertEquals(
                    "dev.heddle.Asyncio.run (Asyncio.java): await in a class of Heddle itself that was not woven; build"
                            + " the runtime with Maven, which weaves it in the phase process-classes, or start the JVM"
                            + " with -javaagent:heddle-agent.jar",
                    message);
        }
    }
}
