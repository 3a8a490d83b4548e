package dev.heddle.weaver.linking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.WovenClassVerifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A woven class is valid for {@link WovenClassVerifier} when it is for the JVM, and only then, as far as the types are known: each
 * type of each frame is changed to others in turn.
 */
class VerifierSweepTest {

    private static final String NAME = "target.Verified";

    private static final String SOURCE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;

            class Verified {
                @Async
                static Coroutine<String> body(Script s, int n, long[] wide, double d) {
                    StringBuilder text = new StringBuilder(await(s.later("a")));
                    try {
                        for (int i = 0; i < n; i++) {
                            text.append(await(s.later(i))).append(d);
                        }
                        return Coroutine.of(text.append(new String(await(s.later("b")))).toString());
                    } catch (IllegalStateException e) {
                        return n > 0 ? s.later(e.getMessage()) : null;
                    } finally {
                        Object o = n > 1 ? text : wide;
                        s.say(o);
                    }
                }
            }
            """;

    private static final List<Object> TYPES = List.of(
            Opcodes.TOP,
            Opcodes.INTEGER,
            Opcodes.FLOAT,
            Opcodes.LONG,
            Opcodes.NULL,
            "java/lang/Object",
            "java/lang/String",
            "dev/heddle/Coroutine",
            "dev/heddle/woven/Frame",
            "[J",
            "target/Verified");

    /** Types about which the class file contains no information. */
    private static final Set<String> UNKNOWN =
            Set.of("'dev/heddle/weaver/Script'", "'java/lang/IllegalStateException'");

    private int valid;
    private int refused;
    private int unknown;

    @Test
    void changedTypesOfSomeFrames() {
        change(7);
    }

    @Test
    @Tag("slow")
    void changedTypesOfFrames() {
        change(1);
    }

    /** Changes the types of every {@code stride}th frame. */
    private void change(int stride) {
        byte[] woven =
                TargetLoader.weave(SourceCompiler.compile(NAME, SOURCE, "-g").get(NAME));
        int frames = frames(parse(woven)).size();
        for (int frame = 0; frame < frames; frame += stride) {
            FrameNode original = frames(parse(woven)).get(frame);
            for (Object type : TYPES) {
                for (int i = 0; i < original.local.size(); i++) {
                    compare(woven, frame, i, type, true);
                }
                for (int i = 0; i < original.stack.size(); i++) {
                    compare(woven, frame, i, type, false);
                }
            }
        }
        assertTrue(valid > 100 / stride, () -> valid + " valid");
        assertTrue(refused > 1_000 / stride, () -> refused + " refused");
        assertTrue(unknown < refused / 10, () -> unknown + " of types that are not known");
    }

    @Test
    void tellsMethodLineAndTypes() {
        byte[] woven =
                TargetLoader.weave(SourceCompiler.compile(NAME, SOURCE, "-g").get(NAME));
        byte[] changed = changed(woven, 0, 1, Opcodes.FLOAT, true);
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> WovenClassVerifier.verify(NAME, changed));
        assertEquals(
                "woven class target.Verified is not valid: method "
                        + "body(Ldev/heddle/weaver/Script;I[JDLdev/heddle/woven/Frame;)Ljava/lang/Object;: a stack map frame "
                        + "where the code gets to it says that local 1 is float, but it is int",
                failure.getMessage().replaceFirst(" \\(line \\d+\\)", ""));
    }

    private void compare(byte[] woven, int frame, int position, Object type, boolean isLocal) {
        byte[] changed = changed(woven, frame, position, type, isLocal);
        String jvm = refusalOf(changed);
        String ours = "";
        try {
            WovenClassVerifier.verify(NAME, changed);
        } catch (IllegalStateException failure) {
            ours = failure.getMessage();
        }
        String what = "frame " + frame + ", " + (isLocal ? "local " : "operand ") + position + " as " + type
                + ": JVM says " + jvm + ", we say " + ours;
        if (jvm.isEmpty()) {
            assertEquals("", ours, what);
            valid++;
        } else if (!ours.isEmpty()) {
            refused++;
        } else {
            assertTrue(isAboutUnknownType(jvm), what);
            unknown++;
        }
    }

    private static boolean isAboutUnknownType(String refusal) {
        return refusal.lines()
                .filter(line -> line.contains("is not assignable to"))
                .anyMatch(line -> UNKNOWN.stream().anyMatch(line::contains));
    }

    private static byte[] changed(byte[] woven, int frame, int position, Object type, boolean isLocal) {
        ClassNode node = parse(woven);
        FrameNode changed = frames(node).get(frame);
        List<Object> types = new ArrayList<>(isLocal ? changed.local : changed.stack);
        types.set(position, type);
        if (isLocal) {
            changed.local = types;
        } else {
            changed.stack = types;
        }
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    private static ClassNode parse(byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, ClassReader.EXPAND_FRAMES);
        return node;
    }

    private static List<FrameNode> frames(ClassNode node) {
        List<FrameNode> frames = new ArrayList<>();
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof FrameNode frame) {
                    frames.add(frame);
                }
            }
        }
        return frames;
    }

    /** The message of the JVM's verifier, empty if it has none. */
    private static String refusalOf(byte[] classFile) {
        Map<String, byte[]> classFiles = new HashMap<>(Map.of(NAME, classFile));
        try {
            TargetLoader.changed(NAME, classFiles, bytes -> bytes);
            return "";
        } catch (VerifyError | ClassFormatError failure) {
            return failure.getMessage();
        }
    }
}
