package dev.heddle.leaks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.AsyncFunction;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Watches named objects, and finds out which of them the garbage collector has not reclaimed. */
final class Watch {

    /** An object that holds nothing. */
    static final class Thing implements AutoCloseable {

        /** Keeps this object alive until this call. */
        void use() {
            Reference.reachabilityFence(this);
        }

        @Override
        public void close() {
            use();
        }
    }

    /** Far more collections than are ever needed. Only a test that fails runs all of them. */
    private static final int COLLECTIONS = 20;

    private final Map<Reference<?>, String> names = new HashMap<>();

    Thing thing(String name) {
        return watched(name, new Thing());
    }

    /** Watches {@code object}, and returns it. */
    <T> T watched(String name, T object) {
        names.put(new WeakReference<>(object), name);
        return object;
    }

    /**
     * Expects that the named objects are reachable, and no others. The names are separated by spaces. This method asks
     * the references, because a reference queue is filled later, by a thread that many collections can delay.
     */
    void assertAlive(String expected) {
        TreeSet<String> alive = new TreeSet<>(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
        for (int i = 0; i < COLLECTIONS && names.size() > alive.size(); i++) {
            System.gc();
            names.keySet().removeIf(reference -> reference.refersTo(null));
        }
        assertEquals(alive, new TreeSet<>(names.values()));
    }

    /** Runs {@code program} turn by turn, and expects after each turn that exactly the named objects are alive. */
    static void check(AsyncFunction<Watch, Void> program, String... alive) throws Exception {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Watch watch = new Watch();
            Task<Void> task = loop.createTask(program.apply(watch));
            for (String expected : alive) {
                turn(loop);
                watch.assertAlive(expected);
            }
            assertEquals(true, task.isDone(), task::toString);
            task.result();
        }
    }

    private static void turn(EventLoop loop) {
        loop.stop();
        loop.runForever();
    }
}
