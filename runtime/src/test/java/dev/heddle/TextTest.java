package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.internal.report.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reports about objects whose {@code toString} throws. The loop continues. */
class TextTest {

    /** A callback, a result and a failure without a text. */
    private static final class Wordless extends RuntimeException implements Runnable {

        private static final long serialVersionUID = 1;

        @Override
        public void run() {
            throw this;
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("no text");
        }
    }

    private static final String TEXT =
            "<dev.heddle.TextTest$Wordless whose toString threw java.lang.UnsupportedOperationException>";

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void callbackIsReported() {
        loop.setExceptionHandler((source, context) -> events.add(context.get("message")));
        Handle handle = loop.callSoon(new Wordless());
        TimerHandle timer = loop.callLater(0, new Wordless());
        loop.callSoon(() -> events.add("next"));
        loop.runUntilIdle(Duration.ZERO);
        String message = "Exception in callback " + TEXT;
        assertEquals(List.of(message, "next", message), events);
        assertEquals("<Handle " + TEXT + ">", handle.toString());
        assertEquals("<TimerHandle when=0.0 " + TEXT + ">", timer.toString());
    }

    @Test
    void everythingIsLogged() {
        try (LogCapture log = new LogCapture()) {
            loop.callExceptionHandler(Map.of("message", new Wordless()));
            assertEquals(List.of("SEVERE " + TEXT), log.lines());
        }
    }

    @Test
    void futuresAndCoroutinesHaveTexts() {
        Future<Object> finished = loop.createFuture();
        finished.setResult(new Wordless());
        assertEquals("<Future finished result=" + TEXT + ">", finished.toString());
        assertThrows(InvalidStateException.class, () -> finished.setResult(1));
        Future<Object> failed = loop.createFuture();
        failed.setException(new Wordless());
        assertEquals("<Future finished exception=" + TEXT + ">", failed.toString());
        failed.exception();
        Coroutine<Object> coroutine = Coroutine.of(new Wordless());
        assertEquals("<coroutine of " + TEXT + ">", coroutine.toString());
        coroutine.discard();
    }

    @Test
    void errorThatLeavesTheLoopIsPassedOn() {
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new InternalError("of the test");
            }
        };
        assertThrows(InternalError.class, () -> Text.of(broken));
        assertEquals("null", Text.of(null));
    }
}
