// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.ExpressionTree;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The code that becomes one method of the class file: that of a method, of a lambda, or of the initialisers of a class. */
final class Body {

    /** How the weaver treats a body. */
    enum Kind {
        /** It is woven. */
        ASYNC,
        /** It is refused as a whole, so its awaits are not reported. */
        REFUSED,
        /** A method that is no coroutine. */
        METHOD,
        /** A {@code main} method that is no coroutine. */
        MAIN,
        /** A lambda that is no coroutine. */
        LAMBDA,
        /** A constructor or the initialiser of an object. */
        CONSTRUCTOR,
        /** The initialiser of a class. */
        STATIC_INITIALISER
    }

    final Kind kind;

    /** The annotation of another library that may have been confused with Heddle's, or null. */
    final @Nullable String otherAsync;

    /** Whether the code runs on the thread of a loop, as far as the source shows. */
    final boolean runsInLoop;

    final HeldLocks locks = new HeldLocks();

    /** How many loops are around the current place. */
    int loops;

    /** How many {@code synchronized} blocks are around the current place. */
    int monitors;

    /** Whether an await outside of a coroutine was found. */
    boolean hasWrongAwait;

    /** The source of the expressions that are known to be complete: the body tests or awaits them. */
    private final Set<String> complete = new HashSet<>();

    private boolean allAreComplete;

    Body(Kind kind, @Nullable String otherAsync, boolean runsInLoop) {
        this.kind = kind;
        this.otherAsync = otherAsync;
        this.runsInLoop = runsInLoop;
    }

    /** Notes that the program tests whether the value of {@code expression} is complete, or awaits it. */
    void noteComplete(ExpressionTree expression) {
        complete.add(expression.toString());
    }

    /** Notes that the program awaits several values in one, as {@code CompletableFuture.allOf} does. */
    void noteAllComplete() {
        allAreComplete = true;
    }

    /** Whether the value of {@code expression} may be incomplete, so that asking for its result would block. */
    boolean mayBeIncomplete(ExpressionTree expression) {
        return !allAreComplete && !complete.contains(expression.toString());
    }
}
