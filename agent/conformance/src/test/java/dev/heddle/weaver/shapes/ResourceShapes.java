package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.ArrayDeque;
import java.util.Deque;

/** Awaits in every part of a try-with-resources. */
final class ResourceShapes {

    private ResourceShapes() {}

    private record Resource(Script s, String name) implements AutoCloseable {

        static Resource open(Script s, String name) {
            s.say("open " + name);
            return new Resource(s, name);
        }

        @Override
        public void close() {
            s.say("close " + name);
            if (name.startsWith("bad")) {
                throw new IllegalStateException("close " + name);
            }
        }
    }

    private static String describe(Throwable t) {
        StringBuilder b = new StringBuilder(t.getMessage());
        for (Throwable suppressed : t.getSuppressed()) {
            b.append(" (").append(describe(suppressed)).append(')');
        }
        return b.toString();
    }

    @Async
    static Coroutine<String> awaitInBody(Script s) {
        try (Resource r = Resource.open(s, "a")) {
            s.say(r.name() + await(s.later("body")));
        }
        return Coroutine.of("end");
    }

    @Async
    static Coroutine<String> awaitInInitializer(Script s) {
        try (Resource r = Resource.open(s, await(s.later("a")))) {
            return Coroutine.of(r.name());
        }
    }

    @Async
    static Coroutine<String> twoResources(Script s) {
        String text = "";
        try (Resource a = Resource.open(s, "a");
                Resource b = await(s.later(Resource.open(s, "b")))) {
            text += a.name() + await(s.later("+")) + b.name();
        } catch (RuntimeException e) {
            text += await(s.later(describe(e)));
        } finally {
            text += await(s.later("f"));
        }
        return Coroutine.of(text);
    }

    @Async
    static Coroutine<String> nullResource(Script s) {
        try (Resource none = await(s.later(null));
                Resource a = Resource.open(s, "a")) {
            return Coroutine.of(none + await(s.later(a.name())));
        }
    }

    @Async
    static Coroutine<String> suppressedFailures(Script s) {
        try (Resource a = Resource.open(s, "bad a");
                Resource b = Resource.open(s, await(s.later("bad b")))) {
            throw new IllegalArgumentException(await(s.later("body")) + a.name() + b.name());
        } catch (RuntimeException e) {
            return Coroutine.of(describe(e) + await(s.later("!")));
        }
    }

    @Async
    static Coroutine<String> closeFails(Script s) {
        try (Resource a = Resource.open(s, "bad")) {
            s.say(await(s.later(a.name())));
        } catch (IllegalStateException e) {
            return Coroutine.of(describe(e) + await(s.later("!")));
        }
        return Coroutine.of("not reached");
    }

    @Async
    static Coroutine<Integer> inLoopWithEveryWayOut(Script s) {
        int n = 0;
        for (int i = 0; i < 5; i++) {
            try (Resource r = Resource.open(s, "r" + i)) {
                n += await(s.later(r.name().length()));
                if (i == 0) {
                    continue;
                }
                if (i == 2) {
                    break;
                }
                n += await(s.later(100));
            }
        }
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<String> existingVariable(Script s) {
        Resource r = Resource.open(s, await(s.later("v")));
        try (r) {
            await(s.later(0));
            return Coroutine.of(r.name() + await(s.later("x")));
        }
    }

    @Async
    static Coroutine<String> resourcesNested(Script s) {
        String text = "";
        try (Resource outer = Resource.open(s, "outer")) {
            text += outer.name();
            try (Resource inner = Resource.open(s, await(s.later("inner")))) {
                text += await(s.later(inner.name()));
            } catch (RuntimeException e) {
                text += await(s.later("c")) + describe(e);
            }
            text += await(s.later("between"));
        }
        return Coroutine.of(text);
    }

    @Async
    private static Coroutine<Void> closeLater(Script s, String name) {
        s.say("closing " + await(s.later(name)));
        return Coroutine.done();
    }

    /** Closing that awaits: {@code close()} itself returns nothing to await, so a {@code finally} does it. */
    @Async
    static Coroutine<String> closingAwaits(Script s) {
        String name = await(s.later("n"));
        try {
            return Coroutine.of(name + await(s.later("body")));
        } finally {
            await(closeLater(s, name));
        }
    }

    /** Closing that awaits: {@code close()} says what is to be closed, and it is awaited behind the {@code try}. */
    @Async
    static Coroutine<String> closingAwaitsBehind(Script s) {
        Deque<String> closing = new ArrayDeque<>();
        String r = "";
        try (Closing a = () -> closing.add("a");
                Closing b = () -> closing.add("b")) {
            r += await(s.later("body"));
        } catch (RuntimeException e) {
            r += e.getMessage() + await(s.later("caught"));
        } finally {
            while (!closing.isEmpty()) {
                await(closeLater(s, closing.remove()));
            }
        }
        return Coroutine.of(r);
    }

    private interface Closing extends AutoCloseable {
        @Override
        void close();
    }
}
