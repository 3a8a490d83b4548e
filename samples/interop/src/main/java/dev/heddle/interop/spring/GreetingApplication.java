// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop.spring;

import dev.heddle.workers.Workers;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Greets at {@code http://localhost:8080/greet/warp}, with Spring MVC. The coroutines run on {@link Workers}, and no thread of the server waits for them. */
@SpringBootApplication
public class GreetingApplication {

    /** The loops of all coroutines, which Spring closes with the application. */
    @Bean
    Workers workers() {
        return Workers.start();
    }

    public static void main(String[] args) {
        SpringApplication.run(GreetingApplication.class, args);
    }
}
