package dev.heddle.weaver.jars;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Methods that nobody wrote for the weaver, with awaits anywhere: a sample of what {@link JarTorture} does with whole jars. */
@Tag("slow")
@Tag("sweep")
class RealBytecodeTest {

    private static final long SEED = 20_260_101;

    @Test
    void jarsOfTheClassPath() throws IOException, URISyntaxException {
        check(jarOf(Test.class, "org/junit/jupiter/api/"), 500);
        check(jarOf(JavaClass.class, "com/tngtech/archunit/core/domain/J"), 500);
    }

    @Test
    void partOfTheJdk() throws IOException {
        List<String> prefixes = List.of("java/util/concurrent/", "java/util/Vector", "java/time/format/");
        Tally tally = check(ClassFiles.ofModule("java.base", prefixes), 2_000);
        assertTrue(tally.refused(Expectation.SYNCHRONIZED) > 0, tally::toString);
        assertTrue(tally.refused(Expectation.UNDER_MONITOR) > 0, tally::toString);
    }

    @Test
    void classFilesWithoutFrames() throws IOException, URISyntaxException {
        Tally tally = check(jarOf(ClassNode.class, ""), 0);
        assertTrue(tally.refused(Expectation.OLD_CLASS_FILE) >= 100, tally::toString);
    }

    @Test
    void noticesWhatIsNotWoven() throws IOException, URISyntaxException {
        Tally tally = checkedWith(classFile -> new WeaveResult(null, List.of(), List.of(), List.of()));
        assertEquals(tally.counted("methods"), tally.errors.size());
    }

    @Test
    void noticesWrongTypes() throws IOException, URISyntaxException {
        Tally tally = checkedWith(RealBytecodeTest::weaveWithoutCasts);
        assertTrue(tally.errors.stream().anyMatch(error -> error.contains("java.lang.VerifyError")), tally::toString);
    }

    @Test
    void noticesWrongStacks() throws IOException, URISyntaxException {
        Tally tally = checkedWith(RealBytecodeTest::weaveWithoutPops);
        assertTrue(tally.errors.stream().anyMatch(error -> error.contains("data flow")), tally::toString);
        assertTrue(tally.errors.stream().anyMatch(error -> error.contains("java.lang.VerifyError")), tally::toString);
    }

    private static Tally checkedWith(Function<byte[], WeaveResult> weaver) throws IOException, URISyntaxException {
        Map<String, byte[]> classFiles = jarOf(Test.class, "org/junit/jupiter/api/Assert");
        classFiles.keySet().removeIf(name -> name.contains("Kt"));
        return new ManyClasses(classFiles, Map.of(), SEED, weaver).run();
    }

    private static WeaveResult weaveWithoutCasts(byte[] classFile) {
        return weaveWithout(Opcodes.CHECKCAST, classFile);
    }

    private static WeaveResult weaveWithoutPops(byte[] classFile) {
        return weaveWithout(Opcodes.POP, classFile);
    }

    private static WeaveResult weaveWithout(int opcode, byte[] classFile) {
        WeaveResult result = Weaver.weave(classFile);
        ClassNode node = new ClassNode();
        new ClassReader(result.classFile() == null ? classFile : result.classFile()).accept(node, 0);
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions.toArray()) {
                if (instruction.getOpcode() == opcode) {
                    method.instructions.remove(instruction);
                }
            }
        }
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        node.accept(writer);
        return new WeaveResult(writer.toByteArray(), result.refusals(), result.dropped(), result.warnings());
    }

    private static Map<String, byte[]> jarOf(Class<?> member, String prefix) throws IOException, URISyntaxException {
        Map<String, byte[]> classFiles = ClassFiles.ofJar(Path.of(
                member.getProtectionDomain().getCodeSource().getLocation().toURI()));
        classFiles.keySet().removeIf(name -> !name.startsWith(prefix));
        return classFiles;
    }

    private static Tally check(Map<String, byte[]> classFiles, int methods) {
        Tally tally = new ManyClasses(classFiles, Map.of(), SEED).run();
        assertEquals(List.of(), tally.errors);
        int verified = tally.counted("classes verified by the JVM");
        assertTrue(tally.unusableBefore.size() * 20 < verified, () -> tally + ": " + tally.unusableBefore);
        assertTrue(tally.counted("methods woven") >= methods, tally::toString);
        return tally;
    }
}
