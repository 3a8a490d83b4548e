// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** The calls that block the thread of a loop, and what to call instead. */
final class BlockingCalls {

    /**
     * A method, or the constructors, of a class and of its subclasses.
     *
     * @param owner the name of the class
     * @param parameters the fewest parameters of a call that blocks
     * @param remedy what to write instead
     */
    private record Rule(String owner, int parameters, String remedy) {}

    private static final String IN_THREAD = "call it in await(toThread(() -> …))";
    private static final String SLEEP = "await(sleep(…)) lets the others run";
    private static final String AWAIT_STAGE = "await(…) of the stage lets the others run";
    private static final String NET = "dev.heddle.net.Net does the same without blocking, or " + IN_THREAD;
    private static final String CONCURRENT = "java.util.concurrent.";

    private final Elements elements;
    private final Map<Name, List<Rule>> rules = new HashMap<>();

    BlockingCalls(Elements elements) {
        this.elements = elements;
        threads();
        synchronizers();
        add("java.lang.Process", "dev.heddle.process.Subprocess has an exit() to await, or " + IN_THREAD, "waitFor");
        add("java.sql.Statement", IN_THREAD, "execute", "executeQuery", "executeUpdate", "executeBatch");
        add("java.sql.Statement", IN_THREAD, "executeLargeUpdate", "executeLargeBatch");
        add("java.sql.Connection", IN_THREAD, "commit", "rollback");
        add("java.sql.DriverManager", IN_THREAD, "getConnection");
        add("javax.sql.DataSource", IN_THREAD, "getConnection");
        add("java.net.Socket", NET, "connect", "getInputStream", "getOutputStream");
        add("java.net.Socket", 2, NET, "<init>");
        add("java.net.ServerSocket", NET, "accept");
        add("java.net.URL", IN_THREAD, "openStream");
        add("java.net.URLConnection", IN_THREAD, "connect", "getInputStream");
        add("java.net.http.HttpClient", "await(…) of its sendAsync lets the others run", "send");
    }

    private void threads() {
        add("java.lang.Thread", SLEEP, "sleep");
        add("java.lang.Thread", IN_THREAD, "join");
        add("java.lang.Object", "dev.heddle.sync.Condition has a waitNotified() to await", "wait");
        add(CONCURRENT + "TimeUnit", SLEEP, "sleep");
        add(CONCURRENT + "locks.LockSupport", SLEEP, "parkNanos", "parkUntil");
        add(CONCURRENT + "locks.LockSupport", "await a Future, which another task completes", "park");
        add(CONCURRENT + "CompletableFuture", AWAIT_STAGE, "get", "join");
        add(CONCURRENT + "Future", IN_THREAD, "get");
        add(CONCURRENT + "ForkJoinTask", IN_THREAD, "join", "invoke");
        add(CONCURRENT + "ExecutorService", IN_THREAD, "invokeAll", "invokeAny", "awaitTermination");
    }

    private void synchronizers() {
        String queue = "dev.heddle.sync.Queue has a get() to await, or " + IN_THREAD;
        add(CONCURRENT + "BlockingQueue", queue, "take");
        add(CONCURRENT + "BlockingDeque", queue, "takeFirst", "takeLast");
        add(CONCURRENT + "BlockingQueue", 2, queue, "poll");
        add(CONCURRENT + "CountDownLatch", "dev.heddle.sync.Event has a waitSet() to await", "await");
        add(CONCURRENT + "CyclicBarrier", "dev.heddle.sync.Barrier has an arrive() to await", "await");
        String semaphore = "dev.heddle.sync.Semaphore has an acquire() to await";
        add(CONCURRENT + "Semaphore", semaphore, "acquire", "acquireUninterruptibly");
        add(CONCURRENT + "locks.Condition", "dev.heddle.sync.Condition has a waitNotified() to await", "await");
        add(CONCURRENT + "Exchanger", IN_THREAD, "exchange");
        add(CONCURRENT + "Phaser", "dev.heddle.sync.Barrier has an arrive() to await", "arriveAndAwaitAdvance");
    }

    private void add(String owner, String remedy, String... methods) {
        add(owner, 0, remedy, methods);
    }

    private void add(String owner, int parameters, String remedy, String... methods) {
        for (String method : methods) {
            rules.computeIfAbsent(elements.getName(method), none -> new ArrayList<>())
                    .add(new Rule(owner, parameters, remedy));
        }
    }

    /** The remedy for a call of {@code method}, or null if the method does not block. */
    @Nullable
    String remedy(ExecutableElement method) {
        for (Rule rule : rules.getOrDefault(method.getSimpleName(), List.of())) {
            if (method.getParameters().size() >= rule.parameters && isOf(method.getEnclosingElement(), rule.owner)) {
                return rule.remedy;
            }
        }
        return null;
    }

    /** Whether a method of {@code type} is one of {@code owner}. Methods of other classes with the name of one of {@code Object} have nothing to do with it. */
    private static boolean isOf(@Nullable Element type, String owner) {
        return owner.equals("java.lang.Object") ? Types.isNamed(type, owner) : Types.isSubtype(type, owner);
    }

    /** Whether {@code method} gives the result of a future, which does not block once the future is complete. */
    static boolean asksForResult(ExecutableElement method) {
        String name = method.getSimpleName().toString();
        return (name.equals("get") || name.equals("join"))
                && Types.isSubtype(method.getEnclosingElement(), CONCURRENT + "Future");
    }
}
