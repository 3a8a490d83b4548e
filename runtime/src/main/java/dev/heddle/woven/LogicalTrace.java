package dev.heddle.woven;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stack traces as if awaits were plain calls: the methods that await, which are suspended and so not on the stack, are put
 * into the trace of a failure below the methods that raised it, above the loop that drives them.
 */
public final class LogicalTrace {

    private LogicalTrace() {}

    /**
     * Where a suspended coroutine stands: {@code frame}, its innermost, below the one that awaits itself if that is not linked, then every method
     * that awaits. It only reads, as a thread that reports a loop that hangs may look too.
     */
    public static List<StackTraceElement> of(@Nullable Frame<?> frame) {
        List<StackTraceElement> elements = new ArrayList<>();
        if (frame != null && frame.transfer instanceof Frame<?> callee && callee != frame) {
            elements.add(callee.location());
        }
        elements.addAll(of(frame, Integer.MAX_VALUE));
        return elements;
    }

    /** The first {@code limit} methods from {@code frame} on. */
    static List<StackTraceElement> of(@Nullable Frame<?> frame, int limit) {
        List<StackTraceElement> elements = new ArrayList<>();
        for (Frame<?> f = frame; f != null && elements.size() < limit; f = f.caller) {
            elements.add(f.location());
        }
        return elements;
    }

    /** Where the coroutine stands that this thread runs: its methods on the stack, then those that await them. */
    public static List<StackTraceElement> ofRunning() {
        List<StackTraceElement> elements = new ArrayList<>(RaisingStack.here().methods());
        elements.addAll(Chain.current().awaiting());
        return elements;
    }

    /** Puts {@code frame} and its callers into the trace of {@code failure}, which is raised already and thrown into that frame. */
    static void extend(Throwable failure, Frame<?> frame) {
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace != null) {
            trace.extend(of(frame, RaisedTrace.LONGEST), null);
        }
    }

    /**
     * Puts the methods on the stack of this thread, down to the loop, into the trace of {@code failure}: for one that was
     * raised elsewhere and is thrown again by an await that did not have to suspend.
     *
     * @param isOfTask whether it was raised in a coroutine that ran by itself, and so not by the methods that await, though some of them may have
     *     the same names. Any other failure may have been raised by them before: their names are in the trace then, and not put there again
     */
    public static void extendByStack(Throwable failure, boolean isOfTask) {
        Chain chain = Chain.current();
        chain.rethrowing();
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace == null) {
            return;
        }
        RaisingStack stack = RaisingStack.here();
        List<StackTraceElement> awaiting = chain.awaiting();
        if (trace.wasRaisedOn(stack, awaiting, isOfTask)) {
            trace.forgetAwait();
        } else if (isOfTask && trace.wasRaisedOn(stack, List.of(), true)) {
            trace.extendBelow(stack, awaiting);
        } else {
            trace.extend(stack.methods(), stack.driver());
        }
    }

    /**
     * Gives the trace of {@code failure}, which something outside the loop ended with, as it was when it was raised. What may be awaited again and
     * again has the same failure each time, with the trace the last await left.
     */
    public static StackTraceElement[] outside(Throwable failure) {
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace != null) {
            trace.cutAtAwait();
        }
        return failure.getStackTrace();
    }

    /** Lets {@code failure}, if it is one of the library's own, come from {@code method} of the library, and not from what that consists of. */
    static void raisedBy(AsyncMethod method, Throwable failure) {
        if (StackFilter.isOfRuntime(method.className())
                && StackFilter.isOfRuntime(failure.getClass().getName())) {
            try {
                RaisedTrace trace = RaisedTrace.of(failure);
                if (trace != null) {
                    trace.raisedBy(method);
                }
            } catch (StackOverflowError | OutOfMemoryError atTheEnd) {
                // The failure matters more than what it looks like.
            }
        }
    }

    /** The methods of the program on the stack of this thread, the innermost first, at most {@code limit}. */
    public static List<StackTraceElement> ofProgram(int limit) {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .filter(element -> !StackFilter.isOfRuntime(element))
                        .limit(limit)
                        .toList());
    }

    /** As {@link #ofProgram}, from the caller of {@code method} on. */
    static List<StackTraceElement> ofCallers(AsyncMethod method, int limit) {
        return ofProgram(limit + 1).stream()
                .dropWhile(method::contains)
                .limit(limit)
                .toList();
    }

    /**
     * Adds the methods that await {@code resumed} to the trace of {@code failure}, which it throws or catches, and to those of its causes and
     * suppressed exceptions, where they are missing: what is raised while a coroutine is resumed does not have them. A trace that cannot be
     * completed stays as it is.
     *
     * @param resumed the method that is resumed, null for one that begins
     * @param caller the frame that awaits it, null for the outermost one
     */
    static void complete(Throwable failure, @Nullable AsyncMethod resumed, @Nullable Frame<?> caller) {
        try {
            if (resumed != null) {
                raisedBy(resumed, failure);
            }
            boolean wasComplete = completeOne(failure, resumed, caller);
            if (!wasComplete || failure.getSuppressed().length > 0) { // a resource may have been closed since
                completeRelated(failure, resumed, caller);
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError broken) {
            // Of a throwable whose methods fail, or of a thread at its end: the failure itself matters more.
        }
    }

    /** As {@link #complete}, but not for {@code failure} itself. */
    static void completeRelated(Throwable failure, @Nullable AsyncMethod resumed, @Nullable Frame<?> caller) {
        List<Throwable> open = new ArrayList<>();
        addRelated(failure, open);
        if (open.isEmpty()) {
            return;
        }
        Set<Throwable> known = Collections.newSetFromMap(new IdentityHashMap<>()); // causes may go round in a circle
        for (int i = 0; i < open.size(); i++) {
            Throwable related = open.get(i);
            if (known.add(related) && !completeOne(related, resumed, caller)) {
                addRelated(related, open); // those of a complete one are complete
            }
        }
    }

    private static void addRelated(Throwable failure, List<Throwable> related) {
        Throwable cause = failure.getCause();
        if (cause != null) {
            related.add(cause);
        }
        related.addAll(List.of(failure.getSuppressed()));
    }

    /** Gives whether the trace was complete before; false also if there is none that could tell. */
    private static boolean completeOne(Throwable failure, @Nullable AsyncMethod resumed, @Nullable Frame<?> caller) {
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace == null) {
            return false;
        }
        if (!trace.isComplete()) {
            trace.extend(trace.missingOf(of(caller, RaisedTrace.LONGEST), resumed), null);
            return false;
        }
        if (!trace.isQuiet()) {
            return true;
        }
        if (resumed != null) {
            trace.replaceUnlessAwaitedBy(of(caller, RaisedTrace.LONGEST), resumed);
        }
        return false;
    }
}
