// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * One place at which a method may suspend.
 *
 * @param number its state: 1 for the first one of the method
 * @param kind the kind of {@code await} that is called
 * @param instruction the call of {@code await}
 * @param directCall the call of a woven method of the same class whose coroutine is awaited at once, or null. Its body
 *     is called directly
 * @param line its source line, 0 if unknown
 * @param state the types while the method is suspended, without the awaited value on the stack
 * @param live the locals that are read after the await
 * @param loop the innermost loop around it, or null
 * @param handlers the entries of the exception table that cover it, in order
 */
public record AwaitPoint(
        int number,
        Kind kind,
        AbstractInsnNode instruction,
        @Nullable MethodInsnNode directCall,
        int line,
        TypeState state,
        BitSet live,
        @Nullable Loop loop,
        List<TryCatchBlockNode> handlers) {

    /**
     * The loop to enter next on the way from {@code within} to this await. Null for {@code within} means outside all
     * loops. The result is null if the await is not in a deeper loop.
     */
    public @Nullable Loop loopTowards(@Nullable Loop within) {
        if (loop == null || loop.equals(within)) {
            return null;
        }
        return within == null ? loop.outermost() : within.childTowards(loop);
    }

    /** The kinds of {@code await}. */
    public enum Kind {
        /** A call of {@code await} with an awaitable. */
        AWAITABLE,
        /** A call of {@code await} with a {@code CompletionStage}. */
        STAGE
    }
}
