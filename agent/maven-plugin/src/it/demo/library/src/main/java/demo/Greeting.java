package demo;

import static dev.heddle.Asyncio.*;

import dev.heddle.*;
import lombok.SneakyThrows;
import lombok.Value;
import lombok.val;

@Value
public class Greeting {

    String name;

    @Async
    public Coroutine<String> text() {
        val prefix = await(prefix());
        return Coroutine.of(prefix + name);
    }

    @Async
    @SneakyThrows
    private static Coroutine<String> prefix() {
        await(sleep(1));
        return Coroutine.of("hello, ");
    }
}
