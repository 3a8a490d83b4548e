/** A web application of Spring Boot whose requests are answered by coroutines. */
@NullMarked
package dev.heddle.interop.spring;

import org.jspecify.annotations.NullMarked;
