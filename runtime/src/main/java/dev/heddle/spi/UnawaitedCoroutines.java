package dev.heddle.spi;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;

/**
 * The coroutines that were made while one loop ran, or while none did, and have not been started: kept in debug mode, to tell
 * of those that never are. Used on any thread, as a coroutine may be started in another loop.
 */
public final class UnawaitedCoroutines {

    /** As deep as in asyncio. */
    private static final int DEPTH = 10;

    /** One coroutine: what remains of it when it has been collected. */
    private static final class Made extends WeakReference<Frame<?>> {

        private final UnawaitedCoroutines owner;
        private final String name;
        private final List<StackTraceElement> created;

        Made(Frame<?> frame, UnawaitedCoroutines owner) {
            super(frame, owner.collected);
            this.owner = owner;
            this.name = frame.entry.method().qualifiedName();
            this.created = LogicalTrace.ofCallers(frame.entry.method(), DEPTH);
        }
    }

    /** Those made where no loop ran. */
    public static final UnawaitedCoroutines OUTSIDE = new UnawaitedCoroutines();

    /**
     * Whether coroutines are watched, from when a loop of this process was first in debug mode. Written by any thread; those who
     * see it late have not missed much.
     */
    static boolean watching;

    private static final Map<Frame<?>, Made> BY_FRAME = Collections.synchronizedMap(new WeakHashMap<>());

    /** Whether those made here are watched. */
    private boolean watched;

    private final ReferenceQueue<Frame<?>> collected = new ReferenceQueue<>();
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
        }
    }

    /** Whether a coroutine that is made by the caller is watched, if any are. */
    static boolean isWatchedHere() {
        Chain chain = Chain.currentOrNull();
        return chain == null || chain.unawaited.watched;
    }

    /** Notes that {@code frame} is made by those who are on the stack. */
    static void made(Frame<?> frame) {
        if (!isWatchedHere()) {
            return;
        }
        Chain chain = Chain.currentOrNull();
        UnawaitedCoroutines owner = chain == null ? OUTSIDE : chain.unawaited;
        Made entry = new Made(frame, owner);
        owner.made.add(entry);
        BY_FRAME.put(frame, entry);
    }

    /** Notes that {@code frame} has started, or is given up on purpose. */
    static void started(Frame<?> frame) {
        Made entry = BY_FRAME.remove(frame);
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
