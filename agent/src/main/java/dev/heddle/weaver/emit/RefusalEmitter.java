// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.RuntimeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Makes a refused method throw its message where it would have awaited. A class never blocks in silence. */
final class RefusalEmitter {

    private final ClassNode owner;
    private final List<MethodNode> added = new ArrayList<>();

    RefusalEmitter(ClassNode owner) {
        this.owner = owner;
    }

    /** The methods to which method references to {@code await} refer now. */
    List<MethodNode> addedMethods() {
        return added;
    }

    /** Makes {@code method} throw as soon as it is called. */
    void refuseCall(MethodNode method, Refusal refusal) {
        Snippet code = new Snippet()
                .line(refusal.line())
                .constant(refusal.message()) // stack: message
                .invokeStatic(RuntimeNames.SUSPENSION, RuntimeNames.REFUSE, RuntimeNames.REFUSE_CALL_DESCRIPTOR);
        method.instructions.insert(code.instructions());
    }

    /** Makes {@code instruction} of {@code method}, a call of {@code await} or a reference to it, throw. */
    void refuseAwait(MethodNode method, AbstractInsnNode instruction, Refusal refusal) {
        if (instruction instanceof MethodInsnNode call) {
            method.instructions.insertBefore(
                    call, new Snippet().constant(refusal.message()).instructions());
            call.owner = RuntimeNames.SUSPENSION; // stack: .. awaitable message
            call.name = RuntimeNames.REFUSE;
            call.desc = RuntimeNames.REFUSE_AWAIT_DESCRIPTOR;
        } else if (instruction instanceof InvokeDynamicInsnNode dynamic) {
            UnaryOperator<Object> replaced = argument -> withoutAwait(argument, refusal);
            dynamic.bsmArgs = List.of(dynamic.bsmArgs).stream().map(replaced).toArray();
        } else if (instruction instanceof LdcInsnNode constant) {
            constant.cst = withoutAwait(constant.cst, refusal);
        }
    }

    private Object withoutAwait(Object constant, Refusal refusal) {
        if (constant instanceof ConstantDynamic dynamic) {
            Object[] arguments = new Object[dynamic.getBootstrapMethodArgumentCount()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = withoutAwait(dynamic.getBootstrapMethodArgument(i), refusal);
            }
            return new ConstantDynamic(
                    dynamic.getName(), dynamic.getDescriptor(), dynamic.getBootstrapMethod(), arguments);
        }
        boolean isAwait = constant instanceof Handle handle
                && handle.getOwner().equals(RuntimeNames.ASYNCIO)
                && handle.getName().equals(RuntimeNames.AWAIT);
        return isAwait ? thrower(((Handle) constant).getDesc(), refusal) : constant;
    }

    private Handle thrower(String descriptor, Refusal refusal) {
        String name = "await$refused$" + added.size();
        int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
        MethodNode method = new MethodNode(access, name, descriptor, null, null);
        method.instructions = new Snippet()
                .aload(0)
                .constant(refusal.message()) // stack: awaitable message
                .invokeStatic(RuntimeNames.SUSPENSION, RuntimeNames.REFUSE, RuntimeNames.REFUSE_AWAIT_DESCRIPTOR)
                .op(Opcodes.ARETURN)
                .instructions();
        added.add(method);
        boolean isInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
        return new Handle(Opcodes.H_INVOKESTATIC, owner.name, name, descriptor, isInterface);
    }
}
