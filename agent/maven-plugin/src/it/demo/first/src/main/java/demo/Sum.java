package demo;

import static dev.heddle.Asyncio.*;

import dev.heddle.*;
import java.util.List;

public class Sum {

    @Async
    public static Coroutine<Integer> of(List<Coroutine<Integer>> parts) {
        int sum = 0;
        for (Coroutine<Integer> part : parts) {
            await(sleep(1));
            sum += await(part);
        }
        return Coroutine.of(sum);
    }

    @Async
    public static Coroutine<Integer> unused() {
        await(sleep(1));
        return Coroutine.of(0);
    }
}
