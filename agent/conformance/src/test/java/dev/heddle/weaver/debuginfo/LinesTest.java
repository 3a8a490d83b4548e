package dev.heddle.weaver.debuginfo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.CompactWeaver;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenShapes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.Frame;

/** Every instruction of a woven method is on a line of the method, and no breakpoint stops at what the weaver adds. */
class LinesTest {

    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/test/java");
    private static final String BODY_END = "Ldev/heddle/woven/Frame;)Ljava/lang/Object;";

    /** The instructions of the entry of a body. None of them can throw, so no trace shows that they have no line. */
    private static final Set<Integer> ENTRY =
            Set.of(Opcodes.ALOAD, Opcodes.ASTORE, Opcodes.ICONST_0, Opcodes.ISTORE, Opcodes.IFNONNULL, Opcodes.NOP);

    @TestFactory
    Stream<DynamicTest> everyInstructionIsOnItsLine() {
        return of("javac", SourceCompiler.JAVAC, "-g");
    }

    @TestFactory
    @Tag("slow")
    @Tag("sweep")
    Stream<DynamicTest> asOthersCompileThem() {
        return Stream.concat(
                of("javac -g:none", SourceCompiler.JAVAC, "-g:none"),
                of("ecj", SourceCompiler.ECJ, "--release", "17", "-g"));
    }

    private static Stream<DynamicTest> of(String title, JavaCompiler compiler, String... options) {
        List<String> names = Shapes.CLASSES.stream()
                .filter(name -> compiler != SourceCompiler.ECJ || !name.equals("SwitchOperandShapes"))
                .map(name -> Shapes.PACKAGE + name)
                .toList();
        Map<String, byte[]> classFiles = SourceCompiler.compileAll(compiler, SOURCES, names, List.of(options));
        List<DynamicTest> tests = new ArrayList<>();
        new TreeMap<>(classFiles).forEach((name, compiled) -> {
            byte[] woven = Weaver.weave(compiled).classFile();
            if (woven != null) {
                tests.add(DynamicTest.dynamicTest(title + " " + name, () -> check(compiled, woven, true)));
                tests.add(DynamicTest.dynamicTest(
                        title + " compact " + name,
                        () -> check(compiled, CompactWeaver.weave(compiled).classFile(), false)));
            }
        });
        return tests.stream();
    }

    /** In a compact body, awaits share the code that stores and restores values, which is on the line of one of them. */
    private static void check(byte[] compiledFile, byte[] wovenFile, boolean awaitsAreApart) throws AnalyzerException {
        ClassNode compiled = WovenShapes.parse(compiledFile);
        ClassNode woven = WovenShapes.parse(wovenFile);
        int bodies = 0;
        for (MethodNode method : woven.methods) {
            lines(method).forEach(line -> assertTrue(line.line > 0, method.name));
            if (method.desc.endsWith(BODY_END)) {
                MethodNode original = original(compiled, method);
                List<LineNumberNode> lines = lines(method);
                int kept = lines(original).size();
                assertEquals(numbers(lines(original)), numbers(lines.subList(0, kept)), method.name);
                checkAdded(
                        woven.name, method, new TreeSet<>(numbers(lines(original))), lines.subList(kept, lines.size()));
                if (kept > 0) {
                    checkEntry(method);
                    if (awaitsAreApart) {
                        checkAwaits(method);
                    }
                }
                bodies++;
            }
        }
        assertTrue(bodies > 0);
    }

    private static MethodNode original(ClassNode compiled, MethodNode body) {
        String descriptor = body.desc.replace(BODY_END, ")Ldev/heddle/Coroutine;");
        return compiled.methods.stream()
                .filter(method -> method.name.equals(body.name) && method.desc.equals(descriptor))
                .findFirst()
                .orElseThrow();
    }

    private static List<LineNumberNode> lines(MethodNode method) {
        List<LineNumberNode> lines = new ArrayList<>();
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode line) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<Integer> numbers(List<LineNumberNode> lines) {
        return lines.stream().map(line -> line.line).toList();
    }

    /** A breakpoint is set where a line begins: what is added begins with an instruction that is never executed. */
    private static void checkAdded(String owner, MethodNode method, Set<Integer> known, List<LineNumberNode> added)
            throws AnalyzerException {
        Frame<?>[] frames = new Analyzer<>(new BasicInterpreter()).analyze(owner, method);
        for (LineNumberNode line : added) {
            assertTrue(known.contains(line.line), method.name + " has no line " + line.line);
            AbstractInsnNode first = line;
            while (first.getOpcode() < 0) {
                first = first.getNext();
            }
            assertNull(frames[method.instructions.indexOf(first)], method.name + " stops at line " + line.line);
        }
    }

    private static void checkEntry(MethodNode method) {
        for (AbstractInsnNode node = method.instructions.getFirst();
                !(node instanceof LineNumberNode);
                node = node.getNext()) {
            assertTrue(node.getOpcode() < 0 || ENTRY.contains(node.getOpcode()), method.name);
        }
    }

    /** The code that stores and restores the values of an await is on its line, as the call of {@code await} is. */
    private static void checkAwaits(MethodNode method) {
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof JumpInsnNode jump && isSuspension(jump)) {
                AbstractInsnNode end = jump.label;
                while (end.getOpcode() != Opcodes.ARETURN) {
                    end = end.getNext();
                }
                assertEquals(line(jump), line(jump.label), method.name);
                assertEquals(line(jump), line(end), method.name);
            } else if (node instanceof MethodInsnNode call
                    && call.name.equals("take")
                    && call.owner.equals("dev/heddle/woven/Frame")) {
                assertEquals(line(continuation(call)), line(call), method.name);
            }
        }
    }

    private static boolean isSuspension(JumpInsnNode jump) {
        return jump.getOpcode() == Opcodes.IF_ACMPEQ
                && jump.getPrevious() instanceof FieldInsnNode field
                && field.name.equals("SUSPENDED");
    }

    /** The place where a method continues after {@code take}. */
    private static AbstractInsnNode continuation(MethodInsnNode take) {
        AbstractInsnNode node = take;
        while (!(node instanceof JumpInsnNode)) {
            node = node.getNext();
        }
        return ((JumpInsnNode) node).label;
    }

    private static int line(AbstractInsnNode instruction) {
        AbstractInsnNode node = instruction;
        while (!(node instanceof LineNumberNode)) {
            node = node.getPrevious();
        }
        return ((LineNumberNode) node).line;
    }
}
