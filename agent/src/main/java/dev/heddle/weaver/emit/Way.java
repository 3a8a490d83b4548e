// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * A part of the way of a resumed method. It may be dropped in favour of a shorter one.
 *
 * @param code its instructions
 * @param handlers its entries of the exception table
 */
record Way(Snippet code, List<TryCatchBlockNode> handlers) {

    /** Creates an empty way. */
    Way() {
        this(new Snippet(), new ArrayList<>());
    }

    /** Appends {@code rest}. */
    Way add(Way rest) {
        code.add(rest.code);
        handlers.addAll(rest.handlers);
        return this;
    }

    /** Whether this needs fewer bytes than {@code other}. */
    boolean isShorterThan(Way other) {
        return size() < other.size();
    }

    private int size() {
        CodeSizeEvaluator size = new CodeSizeEvaluator(Opcodes.ASM9, null) {};
        for (AbstractInsnNode instruction : code.instructions()) {
            instruction.accept(size);
        }
        return size.getMaxSize();
    }
}
