package dev.heddle.weaver.facts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.WovenShapes;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The properties of a woven class on which debuggers, reflection, profilers and the optimiser rely. */
class WeavingFactsTest {

    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
    @interface Mark {
        String value();
    }

    static final class Sample {
        @Async
        @Mark("method")
        @Deprecated
        public final <T extends Comparable<T>> Coroutine<@Mark("result") T> largest(
                @Mark("parameter") List<? extends T> values, long unused) throws IOException, TimeoutException {
            T best = null;
            for (T each : values) {
                T awaited = Asyncio.await(Coroutine.of(each));
                if (best == null || awaited.compareTo(best) > 0) {
                    best = awaited;
                }
            }
            return Coroutine.of(best);
        }

        @Async
        static Coroutine<Integer> leaf(int n) {
            return Coroutine.of(n + 1);
        }

        @Async
        static Coroutine<Integer> caller(int n) {
            int first = Asyncio.await(leaf(n));
            return Coroutine.of(first + Asyncio.await(leaf(first)));
        }
    }

    private static final ClassNode COMPILED = WovenShapes.parse(WovenShapes.compiled(Sample.class));
    private static final byte[] WOVEN_FILE = TargetLoader.weave(WovenShapes.compiled(Sample.class));
    private static final ClassNode WOVEN = WovenShapes.parse(WOVEN_FILE);

    private static MethodNode method(ClassNode node, String name, boolean isBody) {
        return node.methods.stream()
                .filter(method -> method.name.equals(name))
                .filter(method -> isBody == method.desc.endsWith("Ldev/heddle/woven/Frame;)Ljava/lang/Object;"))
                .findFirst()
                .orElseThrow();
    }

    private static Method reflected(String name) throws ReflectiveOperationException {
        Class<?> woven = Class.forName(
                Sample.class.getName(), false, new TargetLoader(Sample.class.getName(), Map.of(), TargetLoader::weave));
        return Stream.of(woven.getDeclaredMethods())
                .filter(method -> method.getName().equals(name) && !method.isSynthetic())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bodyIsPrivateAndSyntheticWithTheNameOfTheMethod() {
        MethodNode body = method(WOVEN, "largest", true);
        assertEquals(Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC, body.access);
        assertEquals("(Ljava/util/List;JLdev/heddle/woven/Frame;)Ljava/lang/Object;", body.desc);
        assertNull(body.visibleAnnotations);
        assertNull(body.signature);
        int bodies = 3;
        int entries = 3;
        int shared = 3; // what makes the entries, what they call, and what describes the bodies
        assertEquals(COMPILED.methods.size() + bodies + entries + shared, WOVEN.methods.size());
    }

    @Test
    void staticBodyStaysStatic() {
        int expected = Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC | Opcodes.ACC_STATIC;
        assertEquals(expected, method(WOVEN, "leaf", true).access);
    }

    @Test
    void factoryIsTheMethodThatReflectionSees() throws ReflectiveOperationException {
        Method woven = reflected("largest");
        Method compiled = Sample.class.getDeclaredMethod("largest", List.class, long.class);
        assertEquals(Modifier.PUBLIC | Modifier.FINAL, woven.getModifiers());
        assertEquals(compiled.toGenericString(), woven.toGenericString());
        assertArrayEquals(compiled.getExceptionTypes(), new Class<?>[] {IOException.class, TimeoutException.class});
        assertEquals(
                Stream.of(compiled.getExceptionTypes()).map(Class::getName).toList(),
                Stream.of(woven.getExceptionTypes()).map(Class::getName).toList());
        assertEquals(annotations(compiled.getAnnotations()), annotations(woven.getAnnotations()));
        assertEquals(
                annotations(compiled.getParameters()[0].getAnnotations()),
                annotations(woven.getParameters()[0].getAnnotations()));
        AnnotatedParameterizedType result = (AnnotatedParameterizedType) woven.getAnnotatedReturnType();
        assertEquals(
                List.of("@Mark(\"result\")"),
                annotations(result.getAnnotatedActualTypeArguments()[0].getAnnotations()));
    }

    private static List<String> annotations(Annotation[] annotations) {
        return Stream.of(annotations)
                .map(annotation -> annotation.toString().replaceAll("@[\\w.]*[$.](\\w+)\\(", "@$1("))
                .toList();
    }

    @Test
    void parameterNamesAreKept() throws ReflectiveOperationException {
        Class<?> woven = TargetLoader.wovenFrom("target.Named", """
                package target;
                class Named {
                    @dev.heddle.Async
                    dev.heddle.Coroutine<String> greet(final String who, int times) {
                        return dev.heddle.Coroutine.of(who + times);
                    }
                }
                """, "-parameters");
        Parameter[] parameters =
                woven.getDeclaredMethod("greet", String.class, int.class).getParameters();
        assertEquals(
                List.of("who", "times"),
                Stream.of(parameters).map(Parameter::getName).toList());
        assertTrue(Modifier.isFinal(parameters[0].getModifiers()));
    }

    @Test
    void bodyHasTheLinesOfTheMethod() {
        assertEquals(lines(method(COMPILED, "largest", false)), lines(method(WOVEN, "largest", true)));
    }

    private static TreeSet<Integer> lines(MethodNode method) {
        TreeSet<Integer> lines = new TreeSet<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof LineNumberNode line) {
                lines.add(line.line);
            }
        }
        return lines;
    }

    @Test
    void bodyHasTheVariablesOfTheMethod() {
        assertEquals(variables(method(COMPILED, "largest", false)), variables(method(WOVEN, "largest", true)));
    }

    private static List<String> variables(MethodNode method) {
        return method.localVariables.stream()
                .map(variable -> variable.index + " " + variable.name + " " + variable.desc + " " + variable.signature)
                .toList();
    }

    @Test
    void typeAnnotationsInTheCodeAreKept() {
        byte[] classFile = SourceCompiler.compile("target.Annotated", """
                package target;

                import static dev.heddle.Asyncio.await;

                import java.lang.annotation.*;

                class Annotated {
                    @Target(ElementType.TYPE_USE)
                    @interface Mark {}

                    @dev.heddle.Async
                    dev.heddle.Coroutine<String> greet(dev.heddle.Coroutine<String> who) {
                        @Mark String name = await(who);
                        Object cast = (@Mark Object) name;
                        try {
                            @Mark String again = new @Mark String(name + cast);
                            return dev.heddle.Coroutine.of(again);
                        } catch (@Mark IllegalStateException e) {
                            throw e;
                        }
                    }
                }
                """, "-g").get("target.Annotated");
        List<String> annotations = typeAnnotations(method(WovenShapes.parse(classFile), "greet", false));
        assertEquals(5, annotations.size());
        assertEquals(
                annotations, typeAnnotations(method(WovenShapes.parse(TargetLoader.weave(classFile)), "greet", true)));
    }

    /** The annotated parts of the code of {@code method}: an instruction, a local in its slot, or a handler. */
    private static List<String> typeAnnotations(MethodNode method) {
        List<String> annotations = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction.invisibleTypeAnnotations != null) {
                annotations.add("instruction " + instruction.getOpcode());
            }
        }
        method.invisibleLocalVariableAnnotations.forEach(each -> annotations.add("local " + each.index));
        method.tryCatchBlocks.stream()
                .filter(block -> block.invisibleTypeAnnotations != null)
                .forEach(block -> annotations.add("handler of " + block.type));
        return annotations;
    }

    /** Awaiting a woven method of the class at once makes neither a coroutine nor a frame: its body gets no frame. */
    @Test
    void callAwaitedAtOnceGetsNoFrame() {
        List<Integer> before = new ArrayList<>();
        for (AbstractInsnNode instruction : method(WOVEN, "caller", true).instructions) {
            if (instruction instanceof MethodInsnNode call && call.name.equals("leaf")) {
                assertEquals("(ILdev/heddle/woven/Frame;)Ljava/lang/Object;", call.desc);
                before.add(call.getPrevious().getOpcode());
            }
        }
        assertEquals(List.of(Opcodes.ACONST_NULL, Opcodes.ACONST_NULL), before);
    }

    @Test
    void methodThatNeverSuspendsMakesNoFrame() {
        long creations = Stream.of(method(WOVEN, "leaf", true).instructions.toArray())
                .filter(instruction -> instruction.getOpcode() == Opcodes.NEW
                        || instruction instanceof MethodInsnNode call && call.name.equals("of"))
                .filter(instruction -> !(instruction instanceof MethodInsnNode call)
                        || !Objects.equals(call.owner, "java/lang/Integer"))
                .count();
        assertEquals(0, creations);
    }
}
