package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.io.IOException;
import java.util.Collections;

/** Awaits in code as Lombok writes it, for {@code @SneakyThrows}, {@code @Cleanup}, {@code @NonNull} and {@code val}. */
final class GeneratedCodeShapes {

    private GeneratedCodeShapes() {}

    private static RuntimeException sneakyThrow(Throwable t) {
        if (t == null) {
            throw new NullPointerException("t");
        }
        return GeneratedCodeShapes.<RuntimeException>sneakyThrow0(t);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneakyThrow0(Throwable t) throws T {
        throw (T) t;
    }

    private record Resource(Script s, String name) {
        void close() throws IOException {
            s.say("close " + name);
            if (name.equals("bad")) {
                throw new IOException("close " + name);
            }
        }
    }

    @Async
    private static Coroutine<String> throwsSneakily(Script s, boolean fails) {
        try {
            String text = await(s.later("t"));
            if (fails) {
                throw new IOException(text + await(s.later("io")));
            }
            return Coroutine.of(text);
        } catch (Throwable $ex) {
            throw sneakyThrow($ex);
        }
    }

    @Async
    static Coroutine<String> sneakyThrows(Script s) {
        String r = await(throwsSneakily(s, false));
        try {
            r += await(throwsSneakily(s, true));
        } catch (Exception e) {
            r += e.getMessage() + (e instanceof IOException);
        }
        return Coroutine.of(r);
    }

    @Async
    private static Coroutine<String> cleansUp(Script s, String name) throws IOException {
        Resource outer = new Resource(s, await(s.later("outer")));
        try {
            Resource inner = new Resource(s, name);
            try {
                return Coroutine.of(outer.name() + await(s.later(inner.name())));
            } finally {
                if (Collections.singletonList(inner).get(0) != null) {
                    inner.close();
                }
            }
        } finally {
            if (Collections.singletonList(outer).get(0) != null) {
                outer.close();
            }
        }
    }

    @Async
    static Coroutine<String> cleanup(Script s) {
        String r = "";
        for (String name : new String[] {"good", "bad"}) {
            try {
                r += await(cleansUp(s, name));
            } catch (IOException e) {
                r += e.getMessage() + await(s.later("!"));
            }
        }
        return Coroutine.of(r);
    }

    @Async
    private static Coroutine<Integer> takesNoNull(Script s, String text) {
        if (text == null) {
            throw new NullPointerException("text is marked non-null but is null");
        }
        final var length = await(s.later(text.length()));
        return Coroutine.of(length);
    }

    @Async
    static Coroutine<String> nonNull(Script s) {
        int length = await(takesNoNull(s, "four"));
        try {
            return Coroutine.of("" + await(takesNoNull(s, await(s.later(null)))));
        } catch (NullPointerException e) {
            return Coroutine.of(length + e.getMessage());
        }
    }
}
