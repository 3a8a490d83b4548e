// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop.spring;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import org.springframework.stereotype.Service;

/** A bean with coroutines. */
@Service
public class Greeter {

    /**
     * Returns a greeting, after a tenth of a second for each letter.
     *
     * @throws IllegalArgumentException if the name contains other characters
     */
    @Async
    public Coroutine<String> greet(String name) {
        if (!name.chars().allMatch(Character::isLetter)) {
            throw new IllegalArgumentException("not a name: " + name);
        }
        await(sleep(name.length() / 10.0));
        return Coroutine.of("hello " + name);
    }
}
