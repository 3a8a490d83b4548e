// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Creates the refusals of one class, each with its rule and its remedy. */
final class Rules {

    /** The simple names of annotations of other libraries with a similar meaning. */
    private static final Set<String> OTHERS = Set.of("Async", "Asynchronous");

    private final ClassNode owner;

    Rules(ClassNode owner) {
        this.owner = owner;
    }

    Refusal awaitUnderMonitor(MethodNode method, AbstractInsnNode await) {
        return at(
                method,
                Code.line(await),
                "await inside a synchronized block, whose monitor would stay locked while others run",
                "use dev.heddle.sync.Lock, or await before or after the block");
    }

    Refusal synchronizedMethod(MethodNode method) {
        return at(
                method,
                Code.firstLine(method),
                "an @Async method cannot be synchronized: its monitor would stay locked while others run",
                "use dev.heddle.sync.Lock");
    }

    Refusal awaitOutsideAsync(MethodNode method, AbstractInsnNode await) {
        int line = Code.line(await);
        return switch (method.name) {
            case "<init>" ->
                at(
                        method,
                        line,
                        "await in a constructor, which cannot suspend",
                        "await in a static @Async method that creates the object afterwards");
            case "<clinit>" ->
                at(
                        method,
                        line,
                        "await in a static initialiser, which cannot suspend",
                        "await in an @Async method and store the result from there");
            default ->
                method.name.startsWith("lambda$")
                        ? at(
                                method,
                                line,
                                "await in a lambda that does not return a Coroutine",
                                "use a functional interface whose method returns one, such as AsyncSupplier or AsyncFunction")
                        : awaitInPlainMethod(method, line);
        };
    }

    private Refusal awaitInPlainMethod(MethodNode method, int line) {
        String other = otherAsync(method.visibleAnnotations, method.invisibleAnnotations);
        if (other == null) {
            other = otherAsync(owner.visibleAnnotations, owner.invisibleAnnotations);
        }
        if (other != null) {
            return at(
                    method,
                    line,
                    "await outside an @Async method, as @" + other + " is not dev.heddle.Async",
                    "import dev.heddle.Async in its place, and let the method return a Coroutine");
        }
        if (method.name.equals("main") && method.desc.endsWith(")V")) {
            return at(
                    method,
                    line,
                    "await in main, which no loop runs",
                    "await in an @Async method that returns a Coroutine, and call Asyncio.run of that here");
        }
        return at(
                method,
                line,
                "await outside an @Async method",
                "annotate the method with @Async and let it return a Coroutine");
    }

    /** The name of an annotation that may have been confused with Heddle's, such as Spring's or Jakarta's, or null. */
    @SafeVarargs
    private static @Nullable String otherAsync(@Nullable List<AnnotationNode>... annotations) {
        for (List<AnnotationNode> some : annotations) {
            for (AnnotationNode annotation : some == null ? List.<AnnotationNode>of() : some) {
                String name = Type.getType(annotation.desc).getClassName();
                String simpleName = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
                if (OTHERS.contains(simpleName)) {
                    return name;
                }
            }
        }
        return null;
    }

    Refusal methodReference(MethodNode method, AbstractInsnNode reference) {
        return at(
                method,
                Code.line(reference),
                "await as a method reference, which cannot suspend",
                "write a lambda that returns a Coroutine, such as x -> Coroutine.of(await(x))");
    }

    Refusal wrongReturnType(MethodNode method) {
        return at(
                method,
                Code.firstLine(method),
                "an @Async method returns a dev.heddle.Coroutine, this one does not",
                "let it return Coroutine<T>, or Coroutine<Void> when it has no result");
    }

    Refusal withoutBody(MethodNode method) {
        String kind = (method.access & Opcodes.ACC_NATIVE) != 0 ? "a native" : "an abstract";
        return at(
                method,
                0,
                "@Async on " + kind + " method, which has no body to suspend",
                "annotate the methods that implement it");
    }

    /** The message for a call of {@code callee} whose result is dropped. Nothing is refused. */
    Refusal dropped(MethodNode method, AbstractInsnNode call, String callee) {
        return at(
                method,
                Code.line(call),
                "the coroutine that " + callee + " returns is dropped, so it never runs",
                "await it, or start it with createTask");
    }

    Refusal tooLarge(MethodNode method) {
        return at(
                method,
                Code.firstLine(method),
                "the woven method would exceed 64 KB (JVMS 4.7.3)",
                "split it into smaller @Async methods");
    }

    Refusal tooManyParameters(MethodNode method) {
        return at(
                method,
                Code.firstLine(method),
                "the woven method has one parameter more, and would exceed 255 slots of parameters (JVMS 4.3.3)",
                "pass some of them in an object");
    }

    Refusal notWoven(MethodNode method, String reason) {
        return at(
                method,
                Code.firstLine(method),
                "the class could not be woven: " + reason,
                "options verify=true and dump=DIR of the agent tell more");
    }

    Refusal classFileTooOld(MethodNode method) {
        return at(
                method,
                Code.firstLine(method),
                "class file version " + (owner.version & 0xFFFF) + " is older than Java 7 and has no stack map frames",
                "compile it with --release 8 or later");
    }

    private Refusal at(MethodNode method, int line, String rule, String remedy) {
        String className = Objects.requireNonNull(owner.name).replace('/', '.');
        @Nullable String sourceFile = owner.sourceFile;
        return new Refusal(className, method.name, sourceFile, line, rule, remedy);
    }
}
