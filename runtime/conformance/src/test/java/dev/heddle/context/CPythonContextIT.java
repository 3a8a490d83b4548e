package dev.heddle.context;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_context}: the precision of decimals in two tasks. */
@ParameterizedClass
@EnumSource
class CPythonContextIT {

    private final TaskStart start;

    CPythonContextIT(TaskStart start) {
        this.start = start;
    }

    private static final ContextVar<MathContext> PRECISION = new ContextVar<>("precision", MathContext.DECIMAL64);

    private static String quotient(int x, int y) {
        return BigDecimal.valueOf(x)
                .divide(BigDecimal.valueOf(y), PRECISION.get())
                .toString();
    }

    @Async
    private static Coroutine<List<String>> fractions(double delay, int precision, int x, int y) {
        ContextVar.Token<MathContext> token = PRECISION.set(new MathContext(precision));
        try {
            String a = quotient(x, y);
            await(sleep(delay));
            String b = quotient(x, y * y);
            return Coroutine.of(List.of(a, b));
        } finally {
            PRECISION.reset(token);
        }
    }

    @Test
    @Mirrors(
            value = "test_context.DecimalContextTest.test_asyncio_task_decimal_context",
            adapted = "the precision is a variable of the test: BigDecimal has none")
    void precisionIsThatOfTheTask() throws Exception {
        start.run(() -> {
            List<List<String>> both = await(gather(fractions(0.1, 3, 1, 3), fractions(0.2, 6, 1, 3)));
            assertEquals(List.of(List.of("0.333", "0.111"), List.of("0.333333", "0.111111")), both);
            return Coroutine.done();
        });
    }
}
