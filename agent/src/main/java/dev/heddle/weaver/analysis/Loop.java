package dev.heddle.weaver.analysis;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.FrameNode;

/**
 * A natural loop: one that is entered through its header only.
 *
 * @param header the stack map frame at the header, which every jump back needs
 * @param outer the smallest loop around this one, or null
 */
public record Loop(FrameNode header, @Nullable Loop outer) {

    /** The source line of the header, or 0. */
    public int line() {
        return Code.line(header);
    }

    /** The loop around this one that no other loop surrounds. */
    public Loop outermost() {
        Loop loop = this;
        while (loop.outer != null) {
            loop = loop.outer;
        }
        return loop;
    }

    /** The loop that contains {@code inner}, or is it, directly inside this one. */
    public Loop childTowards(Loop inner) {
        Loop child = inner;
        while (child.outer != null && child.outer != this) {
            child = child.outer;
        }
        return child;
    }

    /** Whether this is {@code other} or inside it. */
    public boolean isIn(Loop other) {
        Loop loop = this;
        while (loop != null && !loop.equals(other)) {
            loop = loop.outer;
        }
        return loop != null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Loop loop && loop.header == header;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(header);
    }
}
