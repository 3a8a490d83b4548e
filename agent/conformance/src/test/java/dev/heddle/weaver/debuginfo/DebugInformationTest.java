package dev.heddle.weaver.debuginfo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.weaver.Drive;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.WovenShapes;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.BasicVerifier;
import org.objectweb.asm.tree.analysis.Frame;

/** Lines and variables of a woven method are those of the compiled one, wherever it is resumed. */
class DebugInformationTest {

    private static final String SOURCE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;

            class Lines {
                @Async
                static Coroutine<Integer> severalOnOneLine(Script s) {
                    int n = 1;
                    n += await(s.later(1)) + await(s.later(2)) * await(s.later(3)); n -= await(s.later(4)); // one
                    return Coroutine.of(n);
                }

                @Async
                static Coroutine<Integer> oneOverSeveralLines(Script s) {
                    int n = await(s.later(1)) // first
                            + await(s.later(2)) // second
                            + Math.max(
                                    await(s.later(3)), // third
                                    await(s.later(4))); // fourth
                    return Coroutine.of(n);
                }

                @Async
                static Coroutine<Integer> defaultThrows(Script s) {
                    switch (await(s.later(7))) {
                        case 1:
                            return s.later(1);
                        default:
                            throw new IllegalStateException("default"); // default
                    }
                }

                @Async
                static Coroutine<Integer> lastLine(Script s) {
                    for (int i = 0; i < 2; i++) {
                        await(s.later(i));
                    }
                    return Coroutine.of(1 / await(s.later(0))); // last
                }
            }
            """;

    private static final String BODY_END = "Ldev/heddle/woven/Frame;)Ljava/lang/Object;";
    private static final Class<?> TARGET = TargetLoader.wovenFrom("target.Lines", SOURCE, "-g");

    @ParameterizedTest
    @CsvSource({
        "severalOnOneLine, 1, one",
        "severalOnOneLine, 2, one",
        "severalOnOneLine, 3, one",
        "severalOnOneLine, 4, one",
        "oneOverSeveralLines, 1, first",
        "oneOverSeveralLines, 2, second",
        "oneOverSeveralLines, 3, third",
        "oneOverSeveralLines, 4, fourth",
        "defaultThrows, 0, default",
        "lastLine, 3, last",
        "lastLine, 0, last"
    })
    void aFailureHasTheLineOfItsAwait(String method, int failing, String mark) throws ReflectiveOperationException {
        assertEquals(line(mark), lineOfFailure(method, new Script(n -> false, n -> n == failing)), "nothing suspends");
        assertEquals(
                line(mark), lineOfFailure(method, new Script(n -> true, n -> n == failing)), "everything suspends");
    }

    private static int lineOfFailure(String name, Script script) throws ReflectiveOperationException {
        Method method = TARGET.getDeclaredMethod(name, Script.class);
        method.setAccessible(true);
        Coroutine<?> coroutine = (Coroutine<?>) method.invoke(null, script);
        RuntimeException failure = assertThrows(RuntimeException.class, () -> Drive.toEnd(coroutine));
        return Stream.of(failure.getStackTrace())
                .filter(element -> element.getClassName().equals(TARGET.getName()))
                .mapToInt(StackTraceElement::getLineNumber)
                .findFirst()
                .orElseThrow();
    }

    private static int line(String mark) {
        List<String> lines = SOURCE.lines().toList();
        int line = 1;
        while (!lines.get(line - 1).endsWith("// " + mark)) {
            line++;
        }
        return line;
    }

    /** Wherever a variable is in scope its slot holds a value of its kind, also on the ways of a resumed method. */
    @TestFactory
    Stream<DynamicTest> aVariableInScopeIsSet() {
        return WovenShapes.all()
                .map(node -> DynamicTest.dynamicTest(node.name, () -> {
                    for (MethodNode method : node.methods) {
                        checkVariables(node, method);
                    }
                }));
    }

    private static void checkVariables(ClassNode owner, MethodNode method) throws AnalyzerException {
        if (method.localVariables == null) {
            return;
        }
        Frame<BasicValue>[] frames = new Analyzer<>(new BasicVerifier()).analyze(owner.name, method);
        for (LocalVariableNode variable : method.localVariables) {
            int end = method.instructions.indexOf(variable.end);
            for (int i = method.instructions.indexOf(variable.start); i < end; i++) {
                if (frames[i] != null && method.instructions.get(i).getOpcode() >= 0) {
                    BasicValue value = frames[i].getLocal(variable.index);
                    String where = method.name + " " + variable.name + " at " + i;
                    assertEquals(kind(Type.getType(variable.desc)), kind(value.getType()), where);
                }
            }
        }
    }

    private static String kind(Type type) {
        if (type == null) {
            return "nothing";
        }
        return switch (type.getSort()) {
            case Type.LONG, Type.FLOAT, Type.DOUBLE -> type.getDescriptor();
            case Type.OBJECT, Type.ARRAY -> "reference";
            default -> "int";
        };
    }

    /** A variable is in scope on the same lines as in the compiled method: nothing of it is lost around awaits. */
    @TestFactory
    Stream<DynamicTest> aVariableIsInScopeOnTheLinesItHad() {
        return WovenShapes.all()
                .map(woven -> DynamicTest.dynamicTest(woven.name, () -> {
                    Map<String, List<String>> scopes = scopes(woven);
                    scopes(WovenShapes.compiled(woven.name))
                            .forEach((method, expected) -> assertEquals(expected, scopes.get(method), method));
                }));
    }

    /** By name and descriptor as compiled: the variables of each method that has code, with the lines of their scope. */
    private static Map<String, List<String>> scopes(ClassNode node) {
        Map<String, List<String>> scopes = new TreeMap<>();
        for (MethodNode method : node.methods) {
            if (method.localVariables != null) {
                List<String> variables = new ArrayList<>();
                for (LocalVariableNode variable : method.localVariables) {
                    variables.add(variable.index + " " + variable.name + " " + lines(method, variable));
                }
                scopes.put(method.name + method.desc.replace(BODY_END, ")Ldev/heddle/Coroutine;"), variables);
            }
        }
        return scopes;
    }

    private static TreeSet<Integer> lines(MethodNode method, LocalVariableNode variable) {
        TreeSet<Integer> lines = new TreeSet<>();
        int end = method.instructions.indexOf(variable.end);
        for (int i = method.instructions.indexOf(variable.start); i < end; i++) {
            if (method.instructions.get(i) instanceof LineNumberNode line) {
                lines.add(line.line);
            }
        }
        return lines;
    }

    /** The code that the weaver adds after the original code is in the scope of no variable. */
    @Test
    void theWaysOfAResumedMethodAreOutOfScope() {
        List<ClassNode> all = WovenShapes.all().toList();
        assertTrue(all.size() > 10);
        for (ClassNode node : all) {
            for (MethodNode method : node.methods) {
                AbstractInsnNode last = method.instructions.getLast();
                if (method.localVariables != null && method.desc.endsWith(BODY_END)) {
                    method.localVariables.forEach(variable -> assertTrue(
                            method.instructions.indexOf(variable.end) < method.instructions.indexOf(last),
                            method.name + " " + variable.name));
                }
            }
        }
    }
}
