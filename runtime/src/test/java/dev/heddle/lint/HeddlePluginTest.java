package dev.heddle.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Snippets with the messages that javac prints for each line. A comment has the whole message, or its beginning. */
class HeddlePluginTest {

    private static Stream<DynamicTest> tests(String... snippets) {
        return Stream.of(snippets)
                .map(snippet -> dynamicTest(
                        snippet.strip().lines().findFirst().orElse(""),
                        () -> Compilation.ofMembers(snippet).assertMessages(Compilation.expected(snippet))));
    }

    @TestFactory
    Stream<DynamicTest> droppedAwaitables() {
        return tests("""
                @Async Coroutine<Void> statement() {
                    work(); // error the coroutine that work returns is dropped, so it never runs; await it, or start it with createTask
                    sleep(1); // error the awaitable that sleep returns is dropped
                    this.work(null); // error the coroutine that work returns
                    new Snippet().plain(); // error the coroutine that plain returns
                    toThread(() -> 1); // error the awaitable that toThread returns
                    for (work(); ; work()) {} // error the coroutine that work returns && the coroutine that work returns
                }
                """, """
                void outside() {
                    work(); // error the coroutine that work returns is dropped, so it never runs; await it in an @Async method, start it with createTask, or run it with Asyncio.run
                    if (hashCode() > 0) sleep(1); else work(); // error the awaitable that && the coroutine that
                    switch (1) { case 1 -> work(); default -> {} } // error the coroutine that work
                }
                """, """
                static int inInitialisers = 1; static { work(); } { sleep(2); } // error the coroutine that && the awaitable that
                Snippet() { work(); } // error the coroutine that
                """, """
                void lambda(Executor e, List<Integer> list, EventLoop loop) {
                    e.execute(() -> work()); // error the coroutine that work returns is dropped, since the lambda returns nothing, so it never runs; start it with createTask, or use an interface whose method returns the Coroutine, such as AsyncSupplier
                    e.execute(() -> { work(); }); // error the coroutine that work returns is dropped, so
                    list.forEach(x -> work(x)); // error the coroutine that work returns is dropped, since
                    list.forEach(Snippet::work); // error the coroutine that work returns is dropped, since
                    loop.callSoon(Snippet::plain); // error the coroutine that plain returns is dropped, since
                }
                """, """
                @Async Coroutine<Void> unusedLocal() {
                    Coroutine<Integer> c = work(); // error the coroutine in c is never used, so it never runs; await it, or start it with createTask
                    var s = sleep(1); // error the awaitable in s is never used
                    Coroutine<Integer> later;
                    later = work(); // error the coroutine in later is never used
                    Coroutine<Integer> twice = null;
                    twice = work(); // error the coroutine in twice is never used
                    return Coroutine.done();
                }
                """);
    }

    @TestFactory
    Stream<DynamicTest> awaitablesThatAreNotDropped() {
        return tests("""
                @Async Coroutine<Integer> used(Executor e, Map<String, Coroutine<Integer>> map, List<Coroutine<Integer>> list) {
                    createTask(work());
                    Task<Integer> task = createTask(work());
                    ensureFuture(sleep(1));
                    gather(work(), work());
                    map.put("a", work());
                    list.set(0, work());
                    list.add(work());
                    task.coroutine();
                    await(work());
                    e.execute(() -> createTask(work()));
                    Coroutine<Integer> first = work();
                    Coroutine<Integer> second = work();
                    Runnable reads = () -> System.out.println(second);
                    Supplier<Coroutine<Integer>> supplier = Snippet::work;
                    Supplier<Coroutine<Integer>> another = () -> work();
                    Callable<?> third = () -> work();
                    new dev.heddle.sync.Barrier(2).reset();
                    return first;
                }
                """, """
                void onPurpose() {
                    var unused = work();
                    Coroutine<Integer> ignored = work();
                    Coroutine<Integer> alias = null;
                    work().close();
                }
                @Async Coroutine<Integer> readInALoop() {
                    Coroutine<Integer> next = work();
                    int sum = 0;
                    while (sum < 3) {
                        sum += await(next);
                        next = work();
                    }
                    return Coroutine.of(sum);
                }
                """, """
                @SuppressWarnings("heddle") void method() { work(); }
                @SuppressWarnings({"unused", "heddle"}) static class Nested { { work(); } }
                @SuppressWarnings("all") Runnable field = () -> work();
                void local() { @SuppressWarnings("heddle") Runnable r = () -> work(); }
                @SuppressWarnings("unchecked") void other() { work(); } // error the coroutine that
                """, """
                interface Executable { void execute() throws Throwable; }
                static void assertThrows(Class<?> type, Executable executable) {}
                static Coroutine<Integer> checked(Object o) { Objects.requireNonNull(o); return work(); }
                void expectedFailures() {
                    assertThrows(NullPointerException.class, () -> checked(null));
                    assertThrows(NullPointerException.class, () -> work(null)); // error the coroutine that work returns
                }
                """, """
                @interface CanIgnoreReturnValue {}
                @CanIgnoreReturnValue static Coroutine<Integer> at() { return work(); }
                void ignored() { at(); }
                """);
    }

    @TestFactory
    Stream<DynamicTest> awaitsThatAreRefused() {
        return tests("""
                void ordinary(boolean b) {
                    if (false) await(work()); else b = true;
                    int i = true ? 1 : await(work());
                    b = false && await(work()) > 0;
                    await(work()); // error await outside an @Async method; annotate the method with @Async and let it return a Coroutine
                    await(CompletableFuture.completedFuture(1)); // error await outside an @Async method
                }
                Coroutine<Integer> forgotten() {
                    return Coroutine.of(await(work())); // error await outside an @Async method
                }
                """, """
                public static void main(String[] arguments) {
                    await(work()); // error await in main, which no loop runs; await in an @Async method that returns a Coroutine, and call Asyncio.run of that here
                }
                """, """
                Snippet() { await(work()); } // error await in a constructor, which cannot suspend; await in a static @Async method that creates the object afterwards
                int field = await(work()); // error await in a constructor
                { await(work()); } // error await in a constructor
                static int constant = await(work()); // error await in a static initialiser, which cannot suspend; await in an @Async method and store the result from there
                static { await(work()); } // error await in a static initialiser
                interface I { int C = await(work()); } // error await in a static initialiser
                enum E { A(await(work())); E(int i) {} } // error await in a static initialiser
                record R(int i) { R { await(work()); } } // error await in a constructor
                """, """
                @Async Coroutine<Void> monitors(Object lock) {
                    synchronized (lock) {
                        await(work()); // error await inside a synchronized block, whose monitor would stay locked while others run; use dev.heddle.sync.Lock, or await before or after the block
                        AsyncSupplier<Integer> other = () -> Coroutine.of(await(work()));
                        if (lock != null) { await(sleep(1)); } // error await inside a synchronized
                    }
                    synchronized (await(sleep(1, lock))) {
                        Runnable r = () -> {};
                    }
                    await(work());
                    return Coroutine.done();
                }
                """, """
                @Async synchronized Coroutine<Integer> monitor() { // error an @Async method cannot be synchronized: its monitor would stay locked while others run; use dev.heddle.sync.Lock
                    return Coroutine.of(await(work()));
                }
                @Async void nothing() { // error an @Async method returns a dev.heddle.Coroutine, this one does not; let it return Coroutine<T>, or Coroutine<Void> when it has no result
                    await(work());
                }
                @Async Awaitable<Integer> awaitable() { return work(); } // error an @Async method returns a
                @Async <C extends Coroutine<Integer>> C variable() { return null; }
                @Async native Coroutine<Integer> far(); // error @Async on a native method, which has no body to suspend; annotate the methods that implement it
                interface I { @Async Coroutine<Integer> i(); } // error @Async on an abstract method
                """);
    }

    @TestFactory
    Stream<DynamicTest> lambdasAndNestedClasses() {
        return tests("""
                void lambdas(Optional<Coroutine<Integer>> o) {
                    Runnable r = () -> await(work()); // error await in a lambda that does not return a Coroutine; use a functional interface whose method returns one, such as AsyncSupplier or AsyncFunction
                    Supplier<Integer> i = () -> await(work()); // error await in a lambda
                    Supplier<Object> p = () -> { await(work()); return work(); }; // error await in a lambda
                    Supplier<Awaitable<Integer>> a = () -> { await(work()); return work(); }; // error await in a lambda
                    o.map(Asyncio::await); // error await as a method reference, which cannot suspend; write a lambda that returns a Coroutine, such as x -> Coroutine.of(await(x))
                    Supplier<Coroutine<Integer>> c = () -> Coroutine.of(await(work()));
                    Supplier<? extends Coroutine<Integer>> w = () -> Coroutine.of(await(work()));
                    Supplier<? super Coroutine<Integer>> x = () -> Coroutine.of(await(work()));
                    AsyncFunction<Integer, Integer> f = n -> Coroutine.of(await(work()) + n);
                    Runnable s = (Runnable & java.io.Serializable) () -> await(work()); // error await in a lambda
                    AsyncSupplier<Integer> t = (AsyncSupplier<Integer> & java.io.Serializable) () -> Coroutine.of(await(work()));
                }
                """, """
                @Async Coroutine<Void> nested() {
                    Runnable r = () -> await(work()); // error await in a lambda
                    new Object() {
                        int i = await(work()); // error await in a constructor
                        void m() { await(work()); } // error await outside
                        @Async Coroutine<Integer> n() { return Coroutine.of(await(work())); }
                    };
                    return Coroutine.done();
                }
                """, """
                static class spring { @interface Async {} @interface Asynchronous {} }
                @spring.Async Coroutine<Integer> wrong() { return work(); } // error @Snippet$spring$Async is not dev.heddle.Async, so this method is no coroutine; import dev.heddle.Async in its place
                @spring.Asynchronous void other() { await(work()); } // error await outside an @Async method, as @Snippet$spring$Asynchronous is not dev.heddle.Async; import dev.heddle.Async in its place, and let the method return a Coroutine
                @spring.Async void legitimate() {}
                @spring.Async static class All { void m() { await(work()); } } // error await outside an @Async method, as @Snippet$spring$Async
                """);
    }

    @TestFactory
    Stream<DynamicTest> locks() {
        return tests("""
                @Async Coroutine<Void> held(java.util.concurrent.locks.ReentrantLock lock, java.util.concurrent.locks.ReadWriteLock both) {
                    lock.lock();
                    try {
                        await(work()); // warning await while lock is locked, which excludes nobody: all tasks of a loop share the thread that holds the lock; use dev.heddle.sync.Lock
                    } finally {
                        lock.unlock();
                    }
                    await(work());
                    if (lock.tryLock()) {
                        await(work()); // warning await while lock is locked
                        lock.unlock();
                    }
                    both.readLock().lock();
                    await(work()); // warning await while both.readLock() is locked
                    both.readLock().unlock();
                    await(work());
                    return Coroutine.done();
                }
                """, """
                @Async Coroutine<Void> notHeld(java.util.concurrent.locks.ReentrantLock lock, boolean b) {
                    while (!lock.tryLock()) {
                        await(sleep(1));
                    }
                    lock.unlock();
                    if (b) {
                        lock.lock();
                        lock.unlock();
                        await(work());
                        throw new IllegalStateException();
                    }
                    await(work());
                    lock.lock();
                    try {
                        AsyncSupplier<Integer> later = () -> Coroutine.of(await(work()));
                    } finally {
                        lock.unlock();
                    }
                    try (var own = await(new dev.heddle.sync.Lock().acquire())) {
                        await(work());
                    }
                    return Coroutine.done();
                }
                """, """
                @Async Coroutine<Void> triedFirst(java.util.concurrent.locks.Lock lock) {
                    if (!lock.tryLock()) {
                        await(work());
                        return Coroutine.done();
                    }
                    await(work()); // warning await while lock is locked
                    return Coroutine.done();
                }
                """);
    }

    @TestFactory
    Stream<DynamicTest> lambdasThatLookLikeCoroutines() {
        return tests("""
                Callable<Coroutine<Integer>> returned = () -> {
                    try {
                        return work(); // warning this lambda returns a coroutine from inside a try, but has no await, so it is no coroutine itself: the coroutine runs later, and the try does not cover it; return Coroutine.of(await(…))
                    } catch (RuntimeException e) {
                        return work();
                    }
                };
                Callable<Coroutine<Integer>> closed = () -> {
                    try (var in = new java.io.StringReader("")) {
                        return work(); // warning this lambda returns
                    }
                };
                """, """
                AsyncSupplier<Integer> coroutine = () -> { try { return work(); } finally { work(null).close(); } };
                Callable<Coroutine<Integer>> awaits = () -> { try { return Coroutine.of(await(work())); } finally { } };
                Callable<Coroutine<Integer>> result = () -> { try { return Coroutine.of(1); } finally { } };
                Callable<Coroutine<Integer>> noTry = () -> { return work(); };
                """);
    }

    @TestFactory
    Stream<DynamicTest> blockingCalls() {
        return tests("""
                @Async Coroutine<Void> blocks(BlockingQueue<Integer> queue, java.util.concurrent.Future<Integer> f, CompletableFuture<Integer> c, Thread t) throws Exception {
                    Thread.sleep(1); // warning Thread.sleep blocks the thread of the loop, and with it every other task; await(sleep(…)) lets the others run
                    queue.take(); // warning BlockingQueue.take blocks the thread of the loop, and with it every other task; dev.heddle.sync.Queue has a get() to await, or call it in await(toThread(() -> …))
                    f.get(); // warning Future.get blocks
                    c.join(); // warning CompletableFuture.join blocks the thread of the loop, and with it every other task; await(…) of the stage lets the others run
                    c.get(1, TimeUnit.SECONDS); // warning CompletableFuture.get blocks
                    t.join(); // warning Thread.join blocks
                    new Object().wait(); // warning Object.wait blocks
                    new CountDownLatch(1).await(); // warning CountDownLatch.await blocks
                    new Semaphore(1).acquire(); // warning Semaphore.acquire blocks
                    new java.net.Socket("localhost", 1); // warning new Socket blocks
                    return Coroutine.done();
                }
                """, """
                @Async Coroutine<Void> jdbc(java.sql.PreparedStatement s, java.sql.Connection c, java.net.Socket socket) throws Exception {
                    s.executeQuery(); // warning PreparedStatement.executeQuery blocks the thread of the loop, and with it every other task; call it in await(toThread(() -> …))
                    s.setInt(1, 2);
                    c.commit(); // warning Connection.commit blocks
                    java.sql.DriverManager.getConnection(""); // warning DriverManager.getConnection blocks
                    socket.getInputStream(); // warning Socket.getInputStream blocks the thread of the loop, and with it every other task; dev.heddle.net.Net does the same without blocking
                    return Coroutine.done();
                }
                """, """
                AsyncSupplier<Integer> lambda = () -> { Thread.sleep(1); return work(); }; // warning Thread.sleep blocks
                @Async Coroutine<Void> inPlace(List<Thread> threads) {
                    threads.forEach(t -> { try { t.join(); } catch (InterruptedException e) {} }); // warning Thread.join blocks
                    return Coroutine.done();
                }
                """, """
                @Async Coroutine<Void> elsewhere(Executor e, CompletableFuture<Integer> c, CompletableFuture<Integer> d, BlockingQueue<Integer> q) throws Exception {
                    await(toThread(() -> q.take()));
                    await(toThread(() -> { Thread.sleep(1); return 1; }));
                    e.execute(() -> c.join());
                    await(c);
                    c.join();
                    if (d.isDone()) { d.join(); }
                    q.poll();
                    q.put(1);
                    c.getNow(1);
                    return Coroutine.done();
                }
                @Async Coroutine<Integer> all(CompletableFuture<Integer> c, CompletableFuture<Integer> d) {
                    await(CompletableFuture.allOf(c, d));
                    return Coroutine.of(c.join() + d.join());
                }
                void ordinary() throws Exception { Thread.sleep(1); }
                """);
    }

    @TestFactory
    Stream<DynamicTest> swallowedCancellations() {
        return tests("""
                @Async Coroutine<Void> swallows(List<Exception> failures) {
                    while (true) {
                        try {
                            await(work());
                        } catch (Throwable failure) { // warning this loop continues when its task is cancelled, since it catches Throwable, and CancelledError is an Error; catch Exception, or throw the CancelledError again
                            System.out.println(failure);
                        }
                        try {
                            if (await(work()) > 0) { continue; }
                        } catch (IllegalStateException | Error failure) { // warning this loop continues when its task is cancelled, since it catches Error, and
                            continue;
                        } catch (Throwable failure) {
                        }
                        for (int i = 0; i < 3; i++) {
                            try { await(work()); } catch (Throwable e) {} // warning this loop
                        }
                    }
                }
                """, """
                @Async Coroutine<Void> letsItPass(Runnable action) {
                    do {
                        try { await(work()); } catch (Exception e) {}
                        try { await(work()); } catch (CancelledError e) { throw e; } catch (Throwable e) {}
                        try { await(work()); } catch (CancelledError onPurpose) {}
                        try { await(work()); } catch (Throwable e) { if (e instanceof CancelledError) { return Coroutine.done(); } }
                        try { await(work()); } catch (Throwable e) { break; }
                        try { await(work()); } catch (CancelledError e) { currentTask().uncancel(); }
                        try { action.run(); } catch (Throwable e) {}
                        try { await(work()); } catch (Throwable e) { action = null; }
                        try { await(work()); } catch (Throwable e) { System.exit(1); }
                        try {
                            try { await(work()); } catch (CancelledError e) { return Coroutine.done(); }
                        } catch (Throwable e) {}
                        try { AsyncSupplier<Integer> later = () -> Coroutine.of(await(work())); } catch (Throwable e) {}
                    } while (hashCode() > 0);
                    try { await(work()); } catch (Throwable e) {}
                    return Coroutine.done();
                }
                """);
    }

    @TestFactory
    Stream<DynamicTest> methodsOfObject() {
        return tests("""
                @Async Coroutine<Void> condition(dev.heddle.sync.Condition condition) throws Exception {
                    condition.notifyAll(); // warning Condition.notifyAll is the method of Object, which wakes no task; call notifyAllWaiters
                    condition.wait(); // warning Condition.wait is the method of Object, which wakes no task; call waitNotified
                    condition.notifyAllWaiters();
                    this.notifyAll();
                    return Coroutine.done();
                }
                void outside(dev.heddle.sync.Condition condition) {
                    condition.notify(); // warning Condition.notify is the method of Object, which wakes no task; call notifyWaiters
                    notifyAll();
                }
                @Async Coroutine<Void> event(dev.heddle.sync.Event event) throws Exception {
                    event.wait(); // warning Event.wait is the method of Object, which wakes no task; call waitSet
                    event.notifyAll(); // warning Event.notifyAll is the method of Object, which wakes no task; call set
                    return Coroutine.done();
                }
                """);
    }

    @TestFactory
    Stream<DynamicTest> mistakenResults() {
        return tests("""
                @Async Coroutine<String> text(Task<Integer> task) {
                    System.out.println(work()); // warning this is the coroutine that work returns, and not its result; await it
                    if (work() == null || (work()) != null) { task = null; } // warning this is the coroutine && this is the coroutine
                    String text = "a" + await(work()) + work() + task; // warning this is the coroutine that work returns
                    return Coroutine.of(text + sleep(1)); // warning this is the awaitable that sleep returns, and not its result; await it
                }
                String outside() { return "b" + plain(); } // warning this is the coroutine that plain returns
                Object kept(List<Object> list) { list.add(work()); return work(); }
                """);
    }

    /** javac says that it finds no method; the plugin says why. */
    @Test
    void methodsThatDoNotExist() {
        List<String> messages = Compilation.ofMembers("""
                @Async Coroutine<Void> f(java.util.concurrent.Future<Integer> future, Flow.Publisher<Integer> publisher, List<Task<?>> tasks) {
                    await(future);
                    await(publisher);
                    await("text");
                    await(wait(tasks, null, ReturnWhen.ALL_COMPLETED));
                    await(Queue.fifo(1).get());
                    return Coroutine.done();
                }
                """).messages();

        assertEquals(
                List.of(
                        "2 error [heddle] a java.util.concurrent.Future cannot be awaited, because it has no callbacks; "
                                + "use a CompletableFuture, or await(toThread(() -> future.get()))",
                        "3 error [heddle] a Flow.Publisher cannot be awaited, because it publishes many elements; "
                                + "iterate(publisher, prefetch) makes an AsyncIterator of it",
                        "5 error [heddle] wait is the method of Object here, which hides the one that is imported; write Asyncio.wait(…)",
                        "6 error [heddle] Queue is java.util.Queue here, which has no such method; import dev.heddle.sync.Queue"),
                messages.stream()
                        .filter(message -> message.contains("[heddle]"))
                        .toList());
        assertTrue(messages.size() >= 7, messages.toString());
    }

    @Test
    void classesThatDoNotCompile() {
        Compilation broken = Compilation.ofMembers("""
                void f() { unknown(); Unknown u = work(); work(); await(); }
                Unknown g = () -> await(work());
                """);
        broken.messages().stream()
                .filter(message -> message.contains("[heddle]"))
                .forEach(message -> {
                    assertTrue(
                            message.startsWith("1 error [heddle] the coroutine that work returns is dropped"), message);
                });
    }

    @Test
    void optionTurnsItOff() {
        Compilation.ofMembers("void f() { work(); }", "-Xplugin:Heddle off").assertMessages(List.of());
        Compilation.ofMembers("void f() { work(); }", "-Xplugin:Heddle")
                .assertMessages(List.of("1 error [heddle] the coroutine that work returns is dropped"));
        Compilation.ofMembers("void f() {}", "-Xplugin:Heddle of")
                .assertMessages(
                        List.of("1 note [heddle] the plugin Heddle has no option 'of'; its only option is 'off'"));
    }

    @Test
    void failureOfTheChecksIsANote() {
        Compilation failed = Compilation.of(
                "Two",
                "class Two {}\nclass Other { int i = \"\"; }",
                task -> task.addTaskListener(new LintListener(
                        task,
                        any -> (unit, type) -> {
                            throw new StackOverflowError("deep");
                        },
                        null)));
        failed.assertMessages(List.of(
                "1 note [heddle] the checks of Heddle have failed and are off for the rest of this compilation: java.lang.StackOverflowError: deep",
                "2 error incompatible types: java.lang.String cannot be converted to int"));
    }
}
