package dev.heddle.woven;

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
 * The coroutines, and other objects to await, that were made while one loop ran, or while none did, and have not been awaited. They are kept in
 * debug mode and in tests, to report those that never are. Used on any thread, as a coroutine may be awaited in another loop.
 */
public final class UnawaitedCoroutines {

    /** As deep as in asyncio. */
    private static final int DEPTH = 10;

    /** Of so many coroutines a test remembers the line at which they were made. A stack takes longer than a coroutine. */
    private static final int MOST_LINES = 1_000;

    /** One coroutine: what remains of it when it has been collected. */
    private static final class Made extends WeakReference<Suspendable> {

        private final UnawaitedCoroutines owner;
        private final String name;
        private final List<StackTraceElement> created;

        Made(Suspendable coroutine, AsyncMethod method, UnawaitedCoroutines owner) {
            super(coroutine, owner.collected);
            this.owner = owner;
            this.name = method.qualifiedName();
            int depth = owner.depth();
            this.created = depth == 0 ? List.of() : LogicalTrace.ofCallers(method, depth);
        }
    }

    /** The coroutines made where no loop ran. */
    public static final UnawaitedCoroutines OUTSIDE = new UnawaitedCoroutines();

    /**
     * Whether coroutines are watched, from when a loop of this process was first in debug mode or in a test. Written by any thread; those
     * who see it late have not missed much.
     */
    static boolean watching;

    /** To which test those belong that are made on its thread while no loop runs there. */
    private static final ThreadLocal<@Nullable UnawaitedCoroutines> OF_THREAD = new ThreadLocal<>();

    private static final Map<Suspendable, Made> BY_COROUTINE = Collections.synchronizedMap(new WeakHashMap<>());

    /** Whether those made here are watched, with the stacks at which they are made. */
    private boolean watched;

    /** Whether those made here are watched for a test. */
    private boolean tested;

    /** Of how many a test has remembered the line. Counted by any thread; it need not be exact. */
    private int lines;

    private final ReferenceQueue<Suspendable> collected = new ReferenceQueue<>();
    private final Set<Made> made = Collections.synchronizedSet(new LinkedHashSet<>());

    UnawaitedCoroutines() {}

    /**
     * Says whether to watch the coroutines that are made here from now on. From the first time on, those made where no loop runs are
     * watched too, and those of other loops cost little more than before.
     */
    public void watch(boolean watched) {
        this.watched = watched;
        if (watched) {
            watching = true;
            OUTSIDE.watched = true;
        }
    }

    /**
     * As {@link #watch}, for a test: of most coroutines only the name is kept. Those that the calling thread makes while no loop runs there belong
     * to these until the test has ended. When it has, those that were kept for it are forgotten.
     */
    public void watchForTest(boolean tested) {
        boolean before = this.tested;
        this.tested = tested;
        if (tested) {
            watching = true;
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

    /** How much of the stack to remember of a coroutine that is made now. */
    private int depth() {
        if (watched) {
            return DEPTH;
        }
        return tested && lines++ >= MOST_LINES ? 0 : 1;
    }

    /** To which those belong that the caller makes. */
    private static UnawaitedCoroutines here() {
        Chain chain = Chain.currentOrNull();
        if (chain != null) {
            return chain.unawaited;
        }
        UnawaitedCoroutines ofThread = OF_THREAD.get();
        return ofThread == null ? OUTSIDE : ofThread;
    }

    /** Whether a coroutine that is made by the caller is watched. */
    public static boolean isWatchedHere() {
        return watching && here().isWatching();
    }

    /** Notes that {@code coroutine}, which {@code method} makes, is made by those who are on the stack. */
    static void made(Suspendable coroutine, AsyncMethod method) {
        UnawaitedCoroutines owner = here();
        if (owner.isWatching()) {
            Made entry = new Made(coroutine, method, owner);
            owner.made.add(entry);
            BY_COROUTINE.put(coroutine, entry);
        }
    }

    /** As {@link #made} if coroutines are watched: for those that are no frames. */
    public static void note(Suspendable coroutine, AsyncMethod method) {
        if (watching) {
            made(coroutine, method);
        }
    }

    /** As {@link #started} if coroutines are watched: for those that are no frames. */
    public static void noteStarted(Suspendable coroutine) {
        if (watching) {
            started(coroutine);
        }
    }

    /** Notes that {@code coroutine} has started, or is given up on purpose. */
    static void started(Suspendable coroutine) {
        Made entry = BY_COROUTINE.remove(coroutine);
        if (entry != null) {
            entry.owner.made.remove(entry);
        }
    }

    /** Gives the name of each coroutine that has been collected, and where it was made, the innermost method first, to {@code receiver}. */
    public void takeCollected(BiConsumer<String, List<StackTraceElement>> receiver) {
        while (collected.poll() instanceof Made entry) {
            if (made.remove(entry)) {
                receiver.accept(entry.name, entry.created);
            }
        }
    }

    /** As {@link #takeCollected}, with those that somebody still has. */
    public void takeAll(BiConsumer<String, List<StackTraceElement>> receiver) {
        List<Made> all;
        synchronized (made) {
            all = List.copyOf(made);
            made.clear();
        }
        for (Made entry : all) {
            receiver.accept(entry.name, entry.created);
        }
    }
}
