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

/** Objects by names of theirs, and which of them the garbage collector has left. */
final class Watch {

    /** An object that holds nothing. */
    static final class Thing implements AutoCloseable {

        /** Keeps this alive up to here. */
        void use() {
            Reference.reachabilityFence(this);
        }

        @Override
        public void close() {
            use();
        }
    }

    /** Far more than is ever needed; they are gone through only by a test that fails. */
    private static final int COLLECTIONS = 20;

    private final Map<Reference<?>, String> names = new HashMap<>();

    Thing thing(String name) {
        return watched(name, new Thing());
    }

    /** Gives {@code object}, and watches it. */
    <T> T watched(String name, T object) {
        names.put(new WeakReference<>(object), name);
        return object;
    }

    /**
     * Expects that what is named, with a space between, can be reached and that nothing else can. The references are
     * asked, as a queue learns of collected ones later: by a thread that many collections can keep waiting.
     */
    void assertAlive(String expected) {
        TreeSet<String> alive = new TreeSet<>(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
        for (int i = 0; i < COLLECTIONS && names.size() > alive.size(); i++) {
            System.gc();
            names.keySet().removeIf(reference -> reference.refersTo(null));
        }
        assertEquals(alive, new TreeSet<>(names.values()));
    }

    /** Runs {@code program} turn by turn and expects after each turn that just what is named then is alive. */
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
