package demo;

import static dev.heddle.Asyncio.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.*;
import dev.heddle.testing.CoroutineTest;
import java.util.List;

class SumTest {

    @CoroutineTest
    @Async
    Coroutine<Void> adds() {
        assertEquals("yes", System.getProperty("demo.kept"));
        assertEquals(7, await(Sum.of(List.of(Coroutine.of(3), Coroutine.of(4)))));
        return Coroutine.done();
    }
}
