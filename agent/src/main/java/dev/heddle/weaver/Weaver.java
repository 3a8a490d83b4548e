// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import dev.heddle.weaver.analysis.ClassAnalyzer;
import dev.heddle.weaver.analysis.ClassPlan;
import dev.heddle.weaver.analysis.DroppedCoroutines;
import dev.heddle.weaver.emit.ClassEmitter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.tree.ClassNode;

/** Weaves one class file, from bytes to bytes. It loads no class and reads no other file. */
public final class Weaver {

    private Weaver() {}

    /**
     * Weaves {@code classFile}.
     *
     * @throws UnsupportedClassFile if the class file is too new
     * @throws RuntimeException if the class file breaks the rules of JVMS 4
     */
    public static WeaveResult weave(byte[] classFile) {
        return weave(classFile, HugeMethods.LIMIT);
    }

    /** As above. Bodies over {@code limit} bytes are woven in the compact form. */
    static WeaveResult weave(byte[] classFile, int limit) {
        Set<String> compact = new HashSet<>();
        Set<String> tooLarge = new HashSet<>();
        while (true) {
            ClassPlan plan = ClassAnalyzer.analyze(parse(classFile), tooLarge);
            if (plan.changesNothing()) {
                return new WeaveResult(null, plan.refusals(), plan.dropped(), List.of());
            }
            try {
                byte[] woven = ClassEmitter.emit(plan, compact);
                if (!compact.addAll(HugeMethods.bodies(woven, limit).keySet())) {
                    List<String> warnings =
                            HugeMethods.warnings(classFile, HugeMethods.bodies(woven, HugeMethods.LIMIT));
                    return new WeaveResult(woven, plan.refusals(), plan.dropped(), warnings);
                }
            } catch (MethodTooLargeException failure) {
                boolean isBody = failure.getDescriptor().endsWith(RuntimeNames.BODY_DESCRIPTOR_END);
                String key = HugeMethods.compiledKey(failure.getMethodName() + failure.getDescriptor());
                if (!isBody || (!compact.add(key) && !tooLarge.add(key))) {
                    throw failure;
                }
            }
        }
    }

    /**
     * The calls in {@code classFile}, which has nothing to weave, whose result is an awaitable that is dropped.
     *
     * @throws UnsupportedClassFile if the class file is too new
     * @throws RuntimeException if the class file breaks the rules of JVMS 4
     */
    public static List<Refusal> dropped(byte[] classFile) {
        return DroppedCoroutines.in(ClassParser.parse(classFile, ClassReader.SKIP_FRAMES));
    }

    /**
     * Makes everything in {@code classFile} that would await throw {@code reason}, for a class that could not be woven.
     *
     * @throws UnsupportedClassFile if the class file is too new
     * @throws RuntimeException if the class file breaks the rules of JVMS 4
     */
    public static byte[] refuse(byte[] classFile, String reason) {
        return ClassEmitter.emit(ClassAnalyzer.refuse(parse(classFile), reason), Set.of());
    }

    /** Parses the class and expands every stack map frame, because tracking types needs expanded frames. */
    private static ClassNode parse(byte[] classFile) {
        return ClassParser.parse(classFile, ClassReader.EXPAND_FRAMES);
    }
}
