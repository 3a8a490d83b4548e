package dev.heddle.context;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.ThreadState;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.HashSet;
import java.util.List;

/** A program with two spans at once. OpenTelemetry's agent records them; without it, they are not valid. */
final class TracedProgram {

    private TracedProgram() {}

    private static String trace() {
        return Span.current().getSpanContext().getTraceId();
    }

    @Async
    private static Coroutine<String> child() {
        Span span =
                GlobalOpenTelemetry.getTracer("program").spanBuilder("child").startSpan();
        try (Scope scope = span.makeCurrent()) {
            await(sleep(0));
            return Coroutine.of(trace());
        } finally {
            span.end();
        }
    }

    /** Returns the traces that are seen in one request. */
    @Async
    private static Coroutine<List<String>> request(String name) {
        Span span = GlobalOpenTelemetry.getTracer("program").spanBuilder(name).startSpan();
        try (Scope scope = span.makeCurrent()) {
            String before = trace();
            await(sleep(0));
            String after = trace();
            String child = await(createTask(child()));
            String thread = await(toThread(TracedProgram::trace));
            return Coroutine.of(List.of(before, after, child, thread));
        } finally {
            span.end();
        }
    }

    @Async
    private static Coroutine<Void> main() {
        List<List<String>> seen = await(gather(request("a"), request("b")));
        System.out.println("spans are recorded: "
                + !seen.get(0).get(0).equals(Span.getInvalid().getSpanContext().getTraceId()));
        System.out.println("of one trace: " + seen.stream().allMatch(each -> new HashSet<>(each).size() == 1));
        System.out.println("of traces of their own: " + !seen.get(0).equals(seen.get(1)));
        return Coroutine.done();
    }

    public static void main(String[] args) {
        dev.heddle.Context.mirror(ThreadState.of(Context::current, Context::makeCurrent));
        run(main());
        System.out.println("left: " + Span.current().getSpanContext().isValid());
    }
}
