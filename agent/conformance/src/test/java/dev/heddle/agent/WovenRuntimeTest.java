package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Coroutine;
import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.Weaver;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The build of the runtime has woven it, so that the agent has nothing to do with its classes. */
class WovenRuntimeTest {

    @Test
    void noClassOfTheRuntimeIsLeftToBeWoven() throws IOException, URISyntaxException {
        Path location = Path.of(Coroutine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(location)) {
            check(location);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(location)) {
                check(jar.getPath("/"));
            }
        }
    }

    private static void check(Path root) throws IOException {
        List<String> unwoven = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (name.endsWith(".class")) {
                    byte[] classFile = Files.readAllBytes(file);
                    if (ClassFileFilter.namesHeddle(classFile)
                            && Weaver.weave(classFile).classFile() != null) {
                        unwoven.add(name);
                    }
                }
            }
        }
        assertEquals(List.of(), unwoven);
    }
}
