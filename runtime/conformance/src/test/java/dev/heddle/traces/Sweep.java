package dev.heddle.traces;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a program that is run once for each turn of the loop in which it can be cancelled. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Sweep {

    /** How many turns later the program is cancelled a second time: 0 for not at all. */
    int again() default 0;
}
