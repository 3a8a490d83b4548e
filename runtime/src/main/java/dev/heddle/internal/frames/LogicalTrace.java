// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.frames;

import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Frame;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes stack traces look as if awaits were plain calls. The awaiting methods are suspended, and so are not on the stack. They are added to the trace of
 * a failure, between the methods that raised it and the methods of the loop that drives them.
 */
public final class LogicalTrace {

    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private LogicalTrace() {}

    /** Loads and initialises everything that completes a trace: a failure may need it where the stack has just overflowed. */
    static void load() {
        Throwable failure = new Throwable();
        complete(failure, null, null);
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace != null && !trace.isQuiet()) {
            trace.extend(List.of(), null);
        }
    }

    /**
     * The stack of a suspended coroutine: {@code frame}, its innermost frame, then every awaiting method. An unlinked frame that awaits itself comes first.
     *
     * <p>This only reads, because another thread may call it to report a loop that hangs.
     */
    public static List<StackTraceElement> of(@Nullable Frame<?> frame) {
        List<StackTraceElement> elements = new ArrayList<>();
        if (frame != null && Chain.awaited(frame) instanceof Frame<?> callee && callee != frame) {
            elements.add(callee.location());
        }
        elements.addAll(of(frame, Integer.MAX_VALUE));
        return elements;
    }

    /** The methods of {@code frame} and of the frames that await it, at most {@code limit}. */
    static List<StackTraceElement> of(@Nullable Frame<?> frame, int limit) {
        List<StackTraceElement> elements = new ArrayList<>();
        for (Frame<?> f = frame; f != null && elements.size() < limit; f = Chain.caller(f)) {
            elements.add(f.location());
        }
        return elements;
    }

    /** The stack of the coroutine that this thread runs: its methods on the stack of the thread, then the methods that await them. */
    public static List<StackTraceElement> ofRunning() {
        List<StackTraceElement> elements = new ArrayList<>(RaisingStack.here().methods());
        elements.addAll(Chain.running().awaiting());
        return elements;
    }

    /** Adds {@code frame} and its callers to the trace of {@code failure}, which was raised before and is now thrown into that frame. */
    static void extend(Throwable failure, Frame<?> frame) {
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace != null) {
            trace.extend(of(frame, RaisedTrace.LONGEST), null);
        }
    }

    /**
     * Adds the methods on the stack of this thread, down to the loop, to the trace of {@code failure}. It was raised elsewhere, and is thrown again by an await
     * that did not have to suspend.
     *
     * @param isOfTask whether a coroutine with a task of its own raised the failure. The awaiting methods did not raise it then, even if some have the same
     *     names. If false, the awaiting methods may have raised the failure; they are then in the trace already, and are not added again
     */
    public static void extendByStack(Throwable failure, boolean isOfTask) {
        Chain chain = Chain.running();
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
     * Returns the trace that {@code failure} had when it was raised outside the loop. An object that can be awaited repeatedly throws the same failure each
     * time, and each await changes its trace.
     */
    public static StackTraceElement[] outside(Throwable failure) {
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace != null) {
            trace.cutAtAwait();
        }
        return failure.getStackTrace();
    }

    /**
     * Lets the trace of {@code failure} begin with {@code method}, without the internal methods that it called. Does nothing unless both are the library's own.
     */
    public static void raisedBy(AsyncMethod method, Throwable failure) {
        if (StackFilter.isOfRuntime(method.className())
                && StackFilter.isOfRuntime(failure.getClass().getName())) {
            try {
                RaisedTrace trace = RaisedTrace.of(failure);
                if (trace != null) {
                    trace.raisedBy(method);
                }
            } catch (StackOverflowError | OutOfMemoryError atTheEnd) {
                // The failure matters more than its trace.
            }
        }
    }

    /** The program's methods on the stack of this thread, the innermost first, at most {@code limit}. */
    public static List<StackTraceElement> ofProgram(int limit) {
        return elements(WALKER.walk(frames -> ofProgram(frames.iterator(), null, limit)));
    }

    /**
     * Returns the same as {@link #ofProgram}, beginning with the caller of {@code method}. Lines are looked up by {@link #elements}, because that takes much
     * longer than the walk.
     */
    static List<StackFrame> ofCallers(AsyncMethod method, int limit) {
        return WALKER.walk(frames -> ofProgram(frames.iterator(), method, limit));
    }

    /** As {@link #ofCallers}. A loop, as a stream would take longer than the walk. */
    private static List<StackFrame> ofProgram(Iterator<StackFrame> frames, @Nullable AsyncMethod method, int limit) {
        List<StackFrame> found = new ArrayList<>(limit);
        while (found.size() < limit && frames.hasNext()) {
            StackFrame frame = frames.next();
            boolean isMethod = method != null && found.isEmpty() && isOf(method, frame);
            if (!isMethod && StackFilter.isOfProgram(frame)) {
                found.add(frame);
            }
        }
        return found;
    }

    private static boolean isOf(AsyncMethod method, StackFrame frame) {
        return method.name().equals(frame.getMethodName()) && method.className().equals(frame.getClassName());
    }

    /** Looks up the lines of {@code frames}. */
    static List<StackTraceElement> elements(List<StackFrame> frames) {
        List<StackTraceElement> elements = new ArrayList<>(frames.size());
        for (StackFrame frame : frames) {
            elements.add(frame.toStackTraceElement());
        }
        return elements;
    }

    /**
     * Adds the methods that await {@code resumed} to the trace of {@code failure}, which it throws or catches, and to the traces of its causes and suppressed
     * exceptions. They are missing in exceptions that were raised while a coroutine was resumed. A trace that cannot be completed is not changed.
     *
     * @param resumed the resumed method, or null for a coroutine that begins
     * @param caller the frame that awaits it, or null if it is the outermost one
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
            // The throwable's own methods fail, or the thread is out of stack or memory. The failure matters more than
            // its trace.
        }
    }

    /** Completes the traces of the causes and suppressed exceptions of {@code failure}; see {@link #complete}. */
    static void completeRelated(Throwable failure, @Nullable AsyncMethod resumed, @Nullable Frame<?> caller) {
        List<Throwable> open = new ArrayList<>();
        addRelated(failure, open);
        if (open.isEmpty()) {
            return;
        }
        Set<Throwable> known = Collections.newSetFromMap(new IdentityHashMap<>()); // causes may form a circle
        for (int i = 0; i < open.size(); i++) {
            Throwable related = open.get(i);
            if (known.add(related) && !completeOne(related, resumed, caller)) {
                addRelated(related, open); // the failures related to a complete one are complete, too
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

    /** Completes the trace of {@code failure} alone. Returns whether it was complete before, or false if that cannot be determined. */
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
