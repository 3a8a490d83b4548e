package dev.heddle.weaver.traces;

import java.util.List;

/** The programs of {@link GoldenTracesTest}. */
final class GoldenPrograms {

    private GoldenPrograms() {}

    static final List<GoldenProgram> CALLS = List.of(
            new GoldenProgram("calls", "Broken fails:1 calls:4 main:9", """
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(pause());
                        await(fails());
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(pause());
                        await(calls());
                        await(pause());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("returned coroutines", "Broken fails:1 calls:3 main:7", """
                    @Async static Coroutine<Void> calls() throws Exception {
                        return fails();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(pause());
                        return calls();
                    }"""),
            new GoldenProgram("plain methods between", "Broken plain:2 calls:6 main:10", """
                    static void plain() throws Exception { throw new Broken(); }
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(pause());
                        if (true)
                            plain();
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        return calls();
                    }"""),
            new GoldenProgram("methods of objects", "Broken fails:1 method:4 method:8 main:12", """
                    interface Shape { @Async default Coroutine<Void> method() throws Exception {
                        await(pause());
                        await(fails());
                        return Coroutine.done();
                    } }
                    static class Circle implements Shape { @Async public Coroutine<Void> method() throws Exception {
                        await(Shape.super.method());
                        return Coroutine.done();
                    } }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(new Circle().method());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("recursion", "Broken fails:1 down:3*21 main:7", """
                    @Async static Coroutine<Void> down(int depth) throws Exception {
                        await(depth == 0 ? fails() : down(depth - 1));
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(down(20));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("recursion with pauses", "Broken down:3 down:5*4 main:9", """
                    @Async static Coroutine<Void> down(int depth) throws Exception {
                        if (depth == 0) throw new Broken();
                        await(pause());
                        await(down(depth - 1));
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(down(4));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("recursion from the start", "Broken down:4 down:6*3 main:12", """
                    static int depth;
                    @Async static Coroutine<Void> down() throws Exception {
                        if (depth-- == 0) throw new Broken();
                        await(pause());
                        await(down());
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        depth = 3;
                        Task<Void> task = createTask(down());
                        await(task);
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("mutual recursion", "Broken fails:1 even:3 odd:9 even:4 odd:9 even:4 main:13", """
                    @Async static Coroutine<Void> even(int depth) throws Exception {
                        if (depth == 0) await(fails());
                        await(odd(depth - 1));
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> odd(int depth) throws Exception {
                        await(pause());
                        await(even(depth - 1));
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(even(4));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("a loop", "Broken fails:1 main:5", """
                    @Async static Coroutine<Void> main() throws Exception {
                        for (int i = 0; ; i++) {
                            await(pause());
                            if (i == 3) await(fails());
                        }
                    }"""),
            new GoldenProgram("awaits on several lines", "Broken fails:1 main:6", """
                    static int sum(Object... parts) { return parts.length; }
                    @Async static Coroutine<Void> main() throws Exception {
                        sum(
                            await(pause()),
                            await(fails()),
                            await(pause()));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("lambdas", "Broken fails:1 lambda:4 lambda:8 main:11", """
                    @Async static Coroutine<Void> main() throws Exception {
                        AsyncSupplier<Void> inner = () -> {
                            await(pause()); await(fails());
                            return Coroutine.done();
                        };
                        AsyncSupplier<Void> outer = () -> {
                            await(inner.get());
                            return Coroutine.done();
                        };
                        await(outer.get());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("method references", "Broken fails:1 through:3 main:8", """
                    @Async static Coroutine<Void> through(AsyncSupplier<Void> next) throws Exception {
                        await(next.get());
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        AsyncFunction<AsyncSupplier<Void>, Void> through = Golden::through;
                        await(through.apply(Golden::fails));
                        return Coroutine.done();
                    }"""));

    static final List<GoldenProgram> HANDLERS = List.of(
            new GoldenProgram("thrown again", "Broken fails:1 calls:3 main:12", """
                    @Async static Coroutine<Void> calls() throws Exception {
                        try { await(fails()); }
                        catch (Broken failure) {
                            await(pause());
                            throw failure;
                        }
                        finally { await(pause()); }
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        try { await(calls()); }
                        finally { await(pause()); }
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("thrown by another method", "Broken made:2 main:8", """
                    static Broken made() { return new Broken(); }
                    @Async static Coroutine<Void> throwing(Broken failure) throws Exception {
                        await(pause());
                        throw failure;
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(pause()); Broken failure = made();
                        await(throwing(failure));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("replaced in a finally block", "Broken main:5", """
                    @Async static Coroutine<Void> main() throws Exception {
                        try { await(fails()); }
                        finally {
                            await(pause()); if (true) throw new Broken();
                        }
                        return Coroutine.done();
                    }"""),
            new GoldenProgram(
                    "causes", "Broken wraps:4 calls:8 main:12 caused by Broken fails:1 wraps:3 calls:8 main:12", """
                    @Async static Coroutine<Void> wraps() throws Exception {
                        try { await(fails()); }
                        catch (Broken failure) { await(pause()); throw new Broken("wrapped", failure); }
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(wraps());
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(calls());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram(
                    "a cause that no await has seen",
                    "Broken wraps:6 main:10 caused by Broken plain:2 wraps:5 main:10 caused by Broken plain:2 wraps:5 main:10",
                    """
                    static void plain() throws Exception { throw new Broken("x", new Broken()); }
                    @Async static Coroutine<Void> wraps() throws Exception {
                        await(pause());
                        try { plain(); }
                        catch (Broken failure) { throw new Broken("wrapped", failure); }
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(wraps());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram(
                    "suppressed exceptions",
                    "Broken fails:1 calls:4 main:8 suppressed Broken close:2 calls:4 main:8",
                    """
                    record Resource() implements AutoCloseable { public void close() throws Exception { throw new Broken(); } }
                    @Async static Coroutine<Void> calls() throws Exception {
                        try (Resource resource = new Resource()) { await(pause()); await(fails()); }
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(calls());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("a trace that is not writable", "Bare", """
                    static class Bare extends Exception { Bare() { super("bare", null, false, false); } }
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(pause());
                        throw new Bare();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(calls());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("stack overflows", "StackOverflowError plain:2*1024", """
                    static int plain(int depth) { return plain(depth + 1) + 1; }
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(pause());
                        plain(0);
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(calls());
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("errors", "OutOfMemoryError calls:4 main:7", """
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(pause());
                        throw new OutOfMemoryError("as if");
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(calls());
                        return Coroutine.done();
                    }"""));

    static final List<GoldenProgram> TASKS = List.of(
            new GoldenProgram("a task", "Broken fails:1 main:5", """
                    @Async static Coroutine<Void> main() throws Exception {
                        Task<Void> task = createTask(fails());
                        await(pause());
                        await(task);
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("a done task", "Broken fails:1 main:5", """
                    @Async static Coroutine<Void> main() throws Exception {
                        Task<Void> task = createTask(fails());
                        await(sleep(1)); await(pause());
                        await(task);
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("tasks that await tasks", "Broken fails:1 down:4 down:6*3 main:10", """
                    @Async static Coroutine<Void> down(int depth) throws Exception {
                        await(pause());
                        if (depth == 0) await(fails());
                        Task<Void> next = createTask(down(depth - 1));
                        await(next);
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(createTask(down(3)));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("gather", "Broken fails:1 calls:4 main:8", """
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(pause());
                        await(fails());
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(gather(sleep(1), calls(), sleep(2)));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("waitFor", "Broken fails:1 main:4", """
                    @Async static Coroutine<Void> main() throws Exception {
                        await(pause());
                        await(waitFor(fails(), java.time.Duration.ofSeconds(5)));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("waitFor without a limit", "Broken fails:1 main:4", """
                    @Async static Coroutine<Void> main() throws Exception {
                        await(pause());
                        await(waitFor(fails(), null));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("shield", "Broken fails:1 calls:3 main:7", """
                    @Async static Coroutine<Void> calls() throws Exception {
                        await(shield(fails()));
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(shield(calls()));
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("wait, then await", "Broken fails:1 main:5", """
                    @Async static Coroutine<Void> main() throws Exception {
                        Task<Void> task = createTask(fails());
                        await(Asyncio.wait(java.util.List.of(task)));
                        await(task);
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("wait, then result", "Broken fails:1", """
                    @Async static Coroutine<Void> main() throws Exception {
                        Task<Void> task = createTask(fails());
                        await(Asyncio.wait(java.util.List.of(task)));
                        task.result();
                        return Coroutine.done();
                    }"""),
            new GoldenProgram("awaited twice", "Broken fails:1 other:4 twice:9 main:13", """
                    @Async static Coroutine<Void> other(Task<Void> task) throws Exception {
                        await(pause());
                        await(task);
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> twice(Task<Void> task) throws Exception {
                        try { await(task); } catch (Exception failure) { await(pause()); }
                        await(other(task));
                        return Coroutine.done();
                    }
                    @Async static Coroutine<Void> main() throws Exception {
                        await(twice(createTask(fails())));
                        return Coroutine.done();
                    }"""));
}
