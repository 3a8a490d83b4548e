package dev.heddle.cpython;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the tests of CPython 3.13's {@code Lib/test/test_asyncio} whose behaviour a test checks, as
 * {@code "test_locks.LockTests.test_acquire"}.
 *
 * <p>The resource {@code test_locks.txt} of this package has a line for each test of that file. The line of a test that is
 * not mirrored ends with {@code " - "} and the reason. {@link MirrorTableTest} makes a table of both.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Mirrors {

    /** The names, as {@code file.Class.test}. */
    String[] value();

    /** The differences from CPython's test beyond the language. Empty for a test ported one to one. */
    String adapted() default "";
}
