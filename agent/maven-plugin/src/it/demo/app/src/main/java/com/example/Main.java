package com.example;

import static dev.heddle.Asyncio.*;

import demo.Greeting;
import dev.heddle.*;

public class Main {

    public static void main(String[] args) {
        run(() -> {
            System.out.println(await(new Greeting("warp").text()));
            return Coroutine.done();
        });
    }
}
