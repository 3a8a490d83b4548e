// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.frames;

import dev.heddle.woven.AsyncMethod;
import dev.heddle.woven.Entry;
import dev.heddle.woven.Frame;
import dev.heddle.woven.FrameObserver;
import dev.heddle.woven.Suspendable;
import java.lang.StackWalker.StackFrame;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds coroutines and other awaitable objects that are never awaited, in debug mode and in tests. Each loop has an
 * instance for the objects created while it runs; {@link #OUTSIDE} is for objects created while no loop runs. All methods are thread-safe, because a coroutine may be awaited in another
 * loop.
 */
public final class UnawaitedCoroutines {

    /** How many methods of the creating stack debug mode keeps, as in asyncio. */
    private static final int DEPTH = 10;

    /** For how many coroutines a test keeps the line that made them. To look at the stack takes longer than to make a coroutine. */
    private static final int MOST_LINES = 1_000;

    /**
     * For how many objects a test keeps the line that made them, in all steps of the process that continue a method at the same await. What is forgotten
     * there is usually forgotten from the first time on.
     */
    private static final int MOST_LINES_AFTER_AWAIT = 20;

    /** How many awaits of a method are told apart. */
    private static final int AWAITS = 64;

    /** How many lines were kept, by the method that is continued and by its await. Counted by any thread; the numbers need not be exact. */
    private static final Map<Entry, int[]> LINES_AFTER_AWAIT = Collections.synchronizedMap(new WeakHashMap<>());

    /** A coroutine that has not started, with the facts that a report needs after it has been collected. */
    private static final class Made extends WeakReference<Suspendable> {

        private final UnawaitedCoroutines owner;
        private final AsyncMethod method;
        private final List<StackFrame> created;

        Made(Suspendable coroutine, AsyncMethod method, UnawaitedCoroutines owner) {
            super(coroutine, owner.collected);
            this.owner = owner;
            this.method = method;
            int depth = owner.depth();
            this.created = depth == 0 ? List.of() : LogicalTrace.ofCallers(method, depth);
        }

        void pass(BiConsumer<String, List<StackTraceElement>> receiver) {
            receiver.accept(method.qualifiedName(), LogicalTrace.elements(created));
        }
    }

    /** The coroutines that were made while no loop ran. */
    public static final UnawaitedCoroutines OUTSIDE = new UnawaitedCoroutines();

    /**
     * Whether a loop of this process has ever been in debug mode or in a test. Written by any thread and read without ordering: a thread that sees it late fails
     * to report a few coroutines.
     */
    private static boolean watching;

    /** The owner of the coroutines that the thread of a test makes while no loop runs there. */
    private static final ThreadLocal<@Nullable UnawaitedCoroutines> OF_THREAD = new ThreadLocal<>();

    private static final Map<Suspendable, Made> BY_COROUTINE = Collections.synchronizedMap(new WeakHashMap<>());

    /** Passes on what woven code does with its frames. */
    private static final FrameObserver OBSERVER = new FrameObserver() {

        @Override
        protected void made(Frame<?> frame) {
            if (isWatchedHere()) { // otherwise the facts of the method would be made in vain
                UnawaitedCoroutines.made(frame, frame.entry.method());
            }
        }

        @Override
        protected void started(Frame<?> frame) {
            UnawaitedCoroutines.started(frame);
        }
    };

    /** Whether the coroutines made here are watched, with the stacks that made them. */
    private boolean watched;

    /** Whether the coroutines made here are watched for a test. */
    private boolean tested;

    /** For how many coroutines a test has kept the line. Any thread counts; the number need not be exact. */
    private int lines;

    private final ReferenceQueue<Suspendable> collected = new ReferenceQueue<>();
    private final Set<Made> made = Collections.synchronizedSet(new LinkedHashSet<>());

    UnawaitedCoroutines() {}

    /**
     * Sets whether to watch the coroutines that are made here from now on. After the first call with true, coroutines that are made while no loop runs are
     * watched too, and coroutines of other loops cost slightly more than before.
     */
    public void watch(boolean watched) {
        this.watched = watched;
        if (watched) {
            observeFrames();
            OUTSIDE.watched = true;
        }
    }

    private static void observeFrames() {
        watching = true;
        FrameObserver.install(OBSERVER);
    }

    /**
     * Sets whether to watch the coroutines of a test, of which mostly only the name is kept. While the test runs, this also owns the coroutines that the calling
     * thread makes while no loop runs there. With false, the coroutines that were kept for the test are forgotten.
     */
    public void watchForTest(boolean tested) {
        boolean before = this.tested;
        this.tested = tested;
        if (tested) {
            observeFrames();
            OF_THREAD.set(this);
        } else if (before) {
            if (OF_THREAD.get() == this) {
                OF_THREAD.remove();
            }
            if (!watched) {
                made.clear();
            }
        }
    }

    /** Whether coroutines that are made here are watched. */
    public boolean isWatching() {
        return watched || tested;
    }

    /** How many methods of the stack to keep for a coroutine that is made now. */
    private int depth() {
        if (watched) {
            return DEPTH;
        }
        if (lines >= MOST_LINES || isKnownStep()) {
            return 0;
        }
        lines++;
        return 1;
    }

    /** Whether enough lines were kept in steps that continue the same method at the same await as this one. Never true in the first step of a task. */
    private static boolean isKnownStep() {
        Chain chain = Chain.runningOrNull();
        Frame<?> resumed = chain == null ? null : chain.resumed();
        if (resumed == null) {
            return false;
        }
        int[] lines = LINES_AFTER_AWAIT.computeIfAbsent(resumed.entry, entry -> new int[AWAITS]);
        return lines[resumed.state & (AWAITS - 1)]++ >= MOST_LINES_AFTER_AWAIT;
    }

    /** The owner of the coroutines that the caller makes. */
    private static UnawaitedCoroutines here() {
        Chain chain = Chain.runningOrNull();
        if (chain != null) {
            return chain.unawaited;
        }
        UnawaitedCoroutines ofThread = OF_THREAD.get();
        return ofThread == null ? OUTSIDE : ofThread;
    }

    /** Whether a coroutine that the caller makes is watched. */
    public static boolean isWatchedHere() {
        return watching && here().isWatching();
    }

    /** Records that {@code method} makes {@code coroutine}, called by the methods on the stack. */
    private static void made(Suspendable coroutine, AsyncMethod method) {
        UnawaitedCoroutines owner = here();
        if (owner.isWatching()) {
            Made entry = new Made(coroutine, method, owner);
            owner.made.add(entry);
            BY_COROUTINE.put(coroutine, entry);
        }
    }

    /** Records that {@code method} makes {@code coroutine}, which is not a frame, if coroutines are watched. */
    public static void note(Suspendable coroutine, AsyncMethod method) {
        if (watching) {
            made(coroutine, method);
        }
    }

    /** Records that {@code coroutine}, which is not a frame, has started or been discarded, if coroutines are watched. */
    public static void noteStarted(Suspendable coroutine) {
        if (watching) {
            started(coroutine);
        }
    }

    private static void started(Suspendable coroutine) {
        Made entry = BY_COROUTINE.remove(coroutine);
        if (entry != null) {
            entry.owner.made.remove(entry);
        }
    }

    /** Removes each coroutine that has been collected, and passes its name and the stack that made it, the innermost method first, to {@code receiver}. */
    public void takeCollected(BiConsumer<String, List<StackTraceElement>> receiver) {
        while (collected.poll() instanceof Made entry) {
            if (made.remove(entry)) {
                entry.pass(receiver);
            }
        }
    }

    /** Does the same as {@link #takeCollected} for all coroutines, whether they have been collected or not. */
    public void takeAll(BiConsumer<String, List<StackTraceElement>> receiver) {
        List<Made> all;
        synchronized (made) {
            all = List.copyOf(made);
            made.clear();
        }
        for (Made entry : all) {
            entry.pass(receiver);
        }
    }
}
