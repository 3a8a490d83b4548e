// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.emit.FrameLayout.Place;
import dev.heddle.weaver.emit.FrameLayout.Saved;
import java.util.ArrayList;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * Emits the method that callers see. It has the name, the signature and the annotations of the method as written, and
 * returns a new frame that holds the arguments.
 */
final class FactoryEmitter {

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final FrameAccess frames;

    FactoryEmitter(MethodPlan plan, FrameLayout layout, FrameAccess frames) {
        this.plan = plan;
        this.layout = layout;
        this.frames = frames;
    }

    /** The factory. It must be created before the method of the plan becomes the body. */
    MethodNode emit() {
        MethodNode method = plan.method();
        MethodNode factory = new MethodNode(method.access, method.name, method.desc, method.signature, null);
        factory.exceptions = new ArrayList<>(method.exceptions);
        factory.parameters = method.parameters;
        factory.visibleAnnotations = method.visibleAnnotations;
        factory.invisibleAnnotations = method.invisibleAnnotations;
        factory.visibleTypeAnnotations = method.visibleTypeAnnotations;
        factory.invisibleTypeAnnotations = method.invisibleTypeAnnotations;
        factory.visibleAnnotableParameterCount = method.visibleAnnotableParameterCount;
        factory.visibleParameterAnnotations = method.visibleParameterAnnotations;
        factory.invisibleAnnotableParameterCount = method.invisibleAnnotableParameterCount;
        factory.invisibleParameterAnnotations = method.invisibleParameterAnnotations;
        factory.attrs = method.attrs;
        factory.instructions = code().instructions();
        return factory;
    }

    private Snippet code() {
        int frame = plan.onEntry().locals().size(); // the first slot after the parameters
        Snippet code = new Snippet()
                .push(RuntimeNames.CONVENTION_VERSION)
                .invokeStatic(RuntimeNames.CONVENTION, RuntimeNames.REQUIRE, RuntimeNames.REQUIRE_DESCRIPTOR)
                .add(frames.create())
                .astore(frame); // stack: -
        if (!plan.isStatic()) {
            code.add(frames.write(frame, new Place(true, 0), new Snippet().aload(0), plan.owner()));
        }
        for (Saved argument : layout.arguments()) {
            code.add(frames.write(frame, argument));
        }
        // The cast keeps the verifier from loading the class of the frame, which another runtime may not have.
        return code.aload(frame).type(Opcodes.CHECKCAST, RuntimeNames.COROUTINE).op(Opcodes.ARETURN);
    }
}
