package demo;

import static dev.heddle.Asyncio.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.*;
import dev.heddle.testing.CoroutineTest;

class GreetingTest {

    @CoroutineTest
    @Async
    Coroutine<Void> greets() {
        assertEquals("hello, weft", await(new Greeting("weft").text()));
        return Coroutine.done();
    }
}
