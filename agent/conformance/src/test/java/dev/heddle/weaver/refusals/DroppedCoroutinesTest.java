package dev.heddle.weaver.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.Weaver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.Test;

/** The weaver finds coroutines in class files that are made and dropped. */
class DroppedCoroutinesTest {

    private static final String SOURCE = """
            package target;
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import java.util.*;
            import java.util.concurrent.*;
            class Dropping {
                @Async static Coroutine<Integer> work() { return Coroutine.of(1); }
                static Coroutine<Integer> plain(int i) { return work(); }
                @Async Coroutine<Void> method(Executor e, List<Integer> list, Map<Integer, Coroutine<Integer>> map) {
                    work(); // dropped
                    plain(
                        1); // made above
                    sleep(1); // dropped
                    toThread(() -> 1); // dropped
                    e.execute(() -> work()); // dropped
                    e.execute(Dropping::work); // dropped
                    list.forEach(Dropping::plain); // dropped
                    for (int i : list) { plain(i); } // dropped
                    try { work(); } finally { work(); } // dropped
                    await(work());
                    createTask(work());
                    createTask(work()).coroutine();
                    map.put(1, work());
                    Callable<Coroutine<Integer>> c = Dropping::work;
                    var unused = work(); // unused
                    new dev.heddle.sync.Barrier(1).reset();
                    return Coroutine.done();
                }
            }
            """;

    private static List<Integer> marked(String text, String mark) {
        List<Integer> lines = new ArrayList<>();
        List<String> all = text.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).endsWith(mark)) {
                lines.add(i + 1);
            }
        }
        return lines;
    }

    private static void check(JavaCompiler compiler, List<Integer> more, String... options) {
        byte[] classFile = SourceCompiler.compile(compiler, Map.of("target.Dropping", SOURCE), List.of(options))
                .get("target.Dropping");
        List<Integer> expected = marked(SOURCE, "// dropped");
        expected.add(marked(SOURCE, "// made above").get(0) - 1);
        expected.addAll(more);
        assertEquals(
                new TreeSet<>(expected),
                new TreeSet<>(Weaver.weave(classFile).dropped().stream()
                        .map(Refusal::line)
                        .toList()));
    }

    @Test
    void asJavacCompiles() {
        check(SourceCompiler.JAVAC, List.of(), "-g");
    }

    /** It makes no code for variables that are never read. */
    @Test
    void asEclipseCompiles() {
        check(SourceCompiler.ECJ, marked(SOURCE, "// unused"), "--release", "17", "-g");
    }

    @Test
    void classThatHasNothingToWeave() {
        byte[] caller = SourceCompiler.compile(
                        "target.Caller",
                        "package target; class Caller { void call(dev.heddle.sync.Queue<String> queue) { queue.get(); } }")
                .get("target.Caller");

        assertFalse(ClassFileFilter.namesHeddle(caller));
        assertTrue(ClassFileFilter.refersToAwaitables(caller));
        assertEquals(
                List.of(
                        "target.Caller.call (Caller.java:1): the coroutine that get returns is dropped, so it never runs; "
                                + "await it, or start it with createTask"),
                Weaver.dropped(caller).stream().map(Refusal::message).toList());
    }

    @Test
    void classThatOnlyDeclaresThem() {
        byte[] declaring = SourceCompiler.compile(
                        "target.Declaring", "package target; interface Declaring { dev.heddle.Coroutine<Void> get(); }")
                .get("target.Declaring");

        assertFalse(ClassFileFilter.refersToAwaitables(declaring));
    }
}
