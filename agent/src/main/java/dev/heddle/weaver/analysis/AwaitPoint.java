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
 * @param kind which instruction it is
 * @param instruction the call of {@code await}
 * @param directCall the call of a woven method of the same class whose coroutine is awaited at once, or null; its body is
 *     called directly
 * @param line its source line, 0 when unknown
 * @param state the types while suspended: what is awaited is not on the stack any more
 * @param live the locals that are read afterwards
 * @param loop the smallest loop around it, or null
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
     * The loop to enter next on the way from {@code within}, which is null outside all loops, to this await, or null if the await is
     * not deeper.
     */
    public @Nullable Loop loopTowards(@Nullable Loop within) {
        if (loop == null || loop.equals(within)) {
            return null;
        }
        return within == null ? loop.outermost() : within.childTowards(loop);
    }

    /** Which instruction an await point is. */
    public enum Kind {
        /** A call of {@code await} with an awaitable. */
        AWAITABLE,
        /** A call of {@code await} with a {@code CompletionStage}. */
        STAGE
    }
}
