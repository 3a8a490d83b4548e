// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.FrameNode;

/**
 * A natural loop, which is entered only through its header.
 *
 * @param header the stack map frame at the header, which every jump back needs
 * @param outer the innermost loop around this one, or null
 */
public record Loop(FrameNode header, @Nullable Loop outer) {

    /** The source line of the header, or 0. */
    public int line() {
        return Code.line(header);
    }

    /** The outermost loop around this one, or this one. */
    public Loop outermost() {
        Loop loop = this;
        while (loop.outer != null) {
            loop = loop.outer;
        }
        return loop;
    }

    /** The loop directly inside this one that is {@code inner} or contains it. */
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
