package dev.heddle.weaver.jars;

import dev.heddle.weaver.CompactWeaver;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Weaves whole jars by hand. Arguments, in this order:
 *
 * <pre>
 *   --compact                weaves every method as if it were too long for the JIT compiler
 *   --seed=NUMBER            where the awaits are; may be repeated
 *   --dependencies=DIRECTORY jars that the others need
 *   JAR ...                  the jars to weave; java.base for that module of this JDK
 * </pre>
 *
 * {@code mvn dependency:copy -Dartifact=GROUP:ARTIFACT:VERSION -DoutputDirectory=DIRECTORY} gets a jar from a repository.
 */
final class JarTorture {

    private final List<Long> seeds = new ArrayList<>();
    private final Map<String, byte[]> dependencies = new HashMap<>();
    private final Tally all = new Tally();
    private Function<byte[], WeaveResult> weaver = Weaver::weave;

    private JarTorture() {}

    public static void main(String[] args) throws IOException {
        JarTorture torture = new JarTorture();
        for (String arg : args) {
            torture.handle(arg);
        }
        System.out.println("all " + torture.all);
        System.exit(torture.all.errors.isEmpty() ? 0 : 1);
    }

    private void handle(String arg) throws IOException {
        if (arg.equals("--compact")) {
            weaver = CompactWeaver::weave;
        } else if (arg.startsWith("--seed=")) {
            seeds.add(Long.valueOf(arg.substring("--seed=".length())));
        } else if (arg.startsWith("--dependencies=")) {
            try (Stream<Path> jars = Files.list(Path.of(arg.substring("--dependencies=".length())))) {
                for (Path jar : (Iterable<Path>) jars.sorted()::iterator) {
                    dependencies.putAll(ClassFiles.ofJar(jar));
                }
            }
        } else {
            weave(arg);
        }
    }

    private void weave(String arg) throws IOException {
        boolean isModule = arg.equals("java.base");
        Map<String, byte[]> classFiles =
                isModule ? ClassFiles.ofModule(arg, List.of("")) : ClassFiles.ofJar(Path.of(arg));
        for (long seed : seeds) {
            Tally tally = new ManyClasses(classFiles, isModule ? Map.of() : dependencies, seed, weaver).run();
            System.out.println(Path.of(arg).getFileName() + ", seed " + seed + ": " + tally);
            tally.errors.forEach(error -> System.out.println("  ERROR " + error));
            tally.unusableBefore.forEach(line -> System.out.println("  before " + line));
            all.add(tally);
        }
    }
}
