package dev.heddle.spi;

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
     */
    public static void extendByStack(Throwable failure) {
        Chain.current().rethrowing();
        RaisedTrace trace = RaisedTrace.of(failure);
        if (trace != null) {
            List<StackTraceElement> awaiting = new ArrayList<>();
            trace.extend(awaiting, stackTo(awaiting));
        }
    }

    /** Adds the methods of the program on the stack to {@code awaiting}; gives the one below them, which drives them. */
    private static @Nullable StackTraceElement stackTo(List<StackTraceElement> awaiting) {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .dropWhile(element -> RaisedTrace.isOfRuntime(element) && !RaisedTrace.drives(element))
                        .peek(element -> {
                            if (!RaisedTrace.isOfRuntime(element)) {
                                awaiting.add(element);
                            }
                        })
                        .filter(RaisedTrace::drives)
                        .findFirst()
                        .orElse(null));
    }

    /** The methods of the program on the stack of this thread, the innermost first, at most {@code limit}. */
    public static List<StackTraceElement> ofProgram(int limit) {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .filter(element -> !RaisedTrace.isOfRuntime(element))
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
     * Adds the methods that await {@code resumed} to the trace of {@code failure}, which it throws, and to those of its causes and
     * suppressed exceptions, where they are missing: what is raised while a coroutine is resumed does not have them.
     *
     * @param resumed the method that is resumed, null for one that begins
     * @param caller the frame that awaits it, null for the outermost one
     */
    static void complete(Throwable failure, @Nullable AsyncMethod resumed, @Nullable Frame<?> caller) {
        completeOne(failure, resumed, caller);
        completeRelated(failure, resumed, caller);
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
        if (trace.isComplete()) {
            return true;
        }
        trace.extend(trace.missingOf(of(caller, RaisedTrace.LONGEST), resumed), null);
        return false;
    }
}
