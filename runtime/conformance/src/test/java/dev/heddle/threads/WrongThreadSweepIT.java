package dev.heddle.threads;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Context;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Handle;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.TaskOptions;
import dev.heddle.Timeout;
import dev.heddle.TimerHandle;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Queue;
import dev.heddle.sync.Semaphore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Every public method of a loop and of what belongs to it, called on another thread while the loop runs: it is refused with the remedy and changes
 * nothing, or it is one of those whose documentation says that any thread may call it.
 */
class WrongThreadSweepIT {

    /** The methods of each class that any thread may call. {@code toString} is always one of them. */
    private static final Map<Class<?>, Set<String>> ANY_THREAD = Map.ofEntries(
            Map.entry(
                    EventLoop.class,
                    Set.of(
                            "callSoonThreadsafe",
                            "execute",
                            "submit",
                            "createFuture",
                            "shutdownDefaultExecutor",
                            "getTaskFactory",
                            "isRunning",
                            "isClosed",
                            "time",
                            "getDebug",
                            "getExceptionHandler",
                            "getUnretrievedFailureDelay",
                            "describeOutstanding",
                            "setDebug",
                            "getSlowCallbackDuration",
                            "setSlowCallbackDuration")),
            Map.entry(Future.class, Set.of("isDone", "isCancelled", "state", "loop")),
            Map.entry(Task.class, Set.of("name", "coroutine", "stack", "printStack", "cancelling")),
            Map.entry(Handle.class, Set.of("cancel", "isCancelled")),
            Map.entry(TimerHandle.class, Set.of("when", "isCancelled")),
            Map.entry(TaskGroup.class, Set.of()),
            Map.entry(Timeout.class, Set.of("when", "expired")),
            Map.entry(Lock.class, Set.of("acquire", "locked")),
            Map.entry(Lock.Held.class, Set.of()),
            Map.entry(Semaphore.class, Set.of("acquire", "locked")),
            Map.entry(BoundedSemaphore.class, Set.of()),
            Map.entry(Event.class, Set.of("waitSet", "isSet")),
            Map.entry(Condition.class, Set.of("acquire", "waitNotified", "waitUntil", "locked")),
            Map.entry(Barrier.class, Set.of("arrive", "parties", "waiting", "isBroken")),
            Map.entry(Queue.class, Set.of("get", "join", "size", "isEmpty", "isFull", "maxSize")));

    /** Calls that any thread would be refused at that moment, with a part of the message. */
    private static final Map<String, String> OTHER_WORDS = Map.of(
            "runUntilComplete", "already running",
            "runForever", "already running",
            "runUntilIdle", "already running",
            "close", "Cannot close a running",
            "Task.setResult", "does not support",
            "Task.setException", "does not support");

    private final List<String> wrong = new ArrayList<>();
    private int refused;

    @Test
    void isRefusedOrSafe() {
        Asyncio.run(program());
        assertEquals(List.of(), wrong);
        assertTrue(refused >= 75, () -> "only " + refused);
    }

    @Async
    private Coroutine<Void> program() {
        Map<Object, Class<?>> used = new LinkedHashMap<>();
        EventLoop loop = getRunningLoop();
        loop.setExceptionHandler((source, context) -> {}); // the coroutines among the arguments are never awaited
        used.put(loop, EventLoop.class);
        used.put(loop.createFuture(), Future.class);
        used.put(createTask(sleeping()), Task.class);
        used.put(loop.callSoon(() -> {}), Handle.class);
        used.put(loop.callLater(100, () -> {}), TimerHandle.class);
        await(sleep(0));
        await(timeout(Duration.ofSeconds(100), limit -> {
            used.put(limit, Timeout.class);
            return taskGroup(group -> {
                used.put(group, TaskGroup.class);
                await(primitives(used));
                await(swept(used));
                return Coroutine.done();
            });
        }));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sleeping() {
        await(sleep(100));
        return Coroutine.done();
    }

    /** Puts primitives to {@code used} for which some task waits, and again after it has. */
    @Async
    private static Coroutine<Void> primitives(Map<Object, Class<?>> used) {
        for (boolean waiting : new boolean[] {true, false}) {
            Lock lock = new Lock();
            used.put(await(lock.acquire()), Lock.Held.class);
            used.put(lock, Lock.class);
            Semaphore semaphore = new Semaphore(0);
            used.put(semaphore, Semaphore.class);
            BoundedSemaphore bounded = new BoundedSemaphore(1);
            await(bounded.acquire());
            used.put(bounded, BoundedSemaphore.class);
            Event event = new Event();
            used.put(event, Event.class);
            Condition condition = new Condition();
            used.put(condition, Condition.class);
            Barrier barrier = new Barrier(2);
            used.put(barrier, Barrier.class);
            Queue<Object> queue = Queue.fifo(1);
            used.put(queue, Queue.class);
            List<Task<?>> tasks = new ArrayList<>();
            for (Awaitable<?> waiter : List.<Awaitable<?>>of(
                    lock.acquire(),
                    semaphore.acquire(),
                    bounded.acquire(),
                    event.waitSet(),
                    barrier.arrive(),
                    queue.get())) {
                tasks.add((Task<?>) Asyncio.ensureFuture(waiter));
            }
            tasks.add(createTask(notified(condition)));
            await(sleep(0));
            if (!waiting) {
                tasks.forEach(Task::cancel);
                await(sleep(0));
            }
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> notified(Condition condition) {
        try (Lock.Held held = await(condition.acquire())) {
            await(condition.waitNotified());
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> swept(Map<Object, Class<?>> used) {
        Task<Void> turning = createTask(turning());
        List<String> before = used.keySet().stream().map(Object::toString).toList();
        await(toThread(() -> {
            used.forEach(this::sweep);
            Future<?> future = (Future<?>) used.keySet().stream()
                    .filter(object -> used.get(object) == Future.class)
                    .findFirst()
                    .orElseThrow();
            check("gather", () -> Asyncio.gather(future));
            check("shield", () -> Asyncio.shield(future));
            check("Task.of", () -> Task.of(future.loop(), Coroutine.done(), TaskOptions.DEFAULT));
            return null;
        }));
        assertEquals(before, used.keySet().stream().map(Object::toString).toList());
        turning.cancel();
        return Coroutine.done();
    }

    /** Keeps the loop busy. */
    @Async
    private static Coroutine<Void> turning() {
        while (true) {
            await(sleep(0));
        }
    }

    private void sweep(Object object, Class<?> type) {
        for (Method method : type.getMethods()) {
            boolean own = method.getDeclaringClass().getName().startsWith("dev.heddle.") || type == Lock.Held.class;
            if (!own || Modifier.isStatic(method.getModifiers()) || method.isSynthetic() || isSafe(type, method)) {
                continue;
            }
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(WrongThreadSweepIT::argument)
                    .toArray();
            check(type.getSimpleName() + "." + method.getName(), () -> method.invoke(object, arguments));
        }
    }

    private static boolean isSafe(Class<?> type, Method method) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (ANY_THREAD.getOrDefault(each, Set.of("toString")).contains(method.getName())) {
                return true;
            }
        }
        return method.getName().equals("toString");
    }

    private void check(String name, Callable<?> use) {
        Throwable failure = null;
        try {
            use.call();
        } catch (InvocationTargetException thrown) {
            failure = thrown.getCause();
        } catch (Exception thrown) {
            failure = thrown;
        }
        String remedy = OTHER_WORDS.getOrDefault(
                name, OTHER_WORDS.getOrDefault(name.replaceFirst("EventLoop.", ""), "use callSoonThreadsafe"));
        if (failure instanceof IllegalStateException && failure.getMessage().contains(remedy)) {
            refused++;
        } else {
            wrong.add(name + ": " + failure);
        }
    }

    private static Object argument(Class<?> type) {
        Map<Class<?>, Object> arguments = Map.ofEntries(
                Map.entry(Runnable.class, (Runnable) () -> {}),
                Map.entry(Callable.class, (Callable<?>) () -> null),
                Map.entry(Consumer.class, (Consumer<?>) done -> {}),
                Map.entry(BiConsumer.class, (BiConsumer<?, ?>) (loop, context) -> {}),
                Map.entry(BooleanSupplier.class, (BooleanSupplier) () -> true),
                Map.entry(Map.class, Map.of("message", "sweep")),
                Map.entry(Context.class, new Context()),
                Map.entry(Coroutine.class, Coroutine.done()),
                Map.entry(Awaitable.class, Coroutine.done()),
                Map.entry(AsyncSupplier.class, (AsyncSupplier<Void>) () -> Coroutine.done()),
                Map.entry(TaskOptions.class, TaskOptions.DEFAULT),
                Map.entry(dev.heddle.TaskFactory.class, Asyncio.eagerTaskFactory()),
                Map.entry(Executor.class, ForkJoinPool.commonPool()),
                Map.entry(ExecutorService.class, ForkJoinPool.commonPool()),
                Map.entry(Duration.class, Duration.ofSeconds(1)),
                Map.entry(Comparator.class, Comparator.naturalOrder()),
                Map.entry(String.class, "sweep"),
                Map.entry(Object.class, "sweep"),
                Map.entry(Throwable.class, new Exception("sweep")),
                Map.entry(double.class, 1.0),
                Map.entry(int.class, 1),
                Map.entry(boolean.class, true));
        Object argument = arguments.get(type);
        if (argument == null) {
            throw new AssertionError("no argument of " + type);
        }
        return argument;
    }
}
