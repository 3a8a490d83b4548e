package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ExceptionGroupTest {

    private final IOException io = new IOException("io");
    private final IllegalStateException illegal = new IllegalStateException("illegal");
    private final ArithmeticException arithmetic = new ArithmeticException("arithmetic");
    private final ExceptionGroup inner = new ExceptionGroup("inner", List.of(io, illegal));
    private final ExceptionGroup outer = new ExceptionGroup("outer", List.of(inner, arithmetic));

    @Test
    void exceptionsAreSuppressedOnesToo() {
        assertEquals(List.of(inner, arithmetic), outer.exceptions());
        assertArrayEquals(new Throwable[] {inner, arithmetic}, outer.getSuppressed());
        assertNull(outer.getCause());
    }

    @Test
    void exceptionsAreThoseOfTheBeginning() {
        List<Throwable> list = new ArrayList<>(List.of(io));
        ExceptionGroup group = new ExceptionGroup("group", list);
        list.add(illegal);
        assertEquals(List.of(io), group.exceptions());
        assertThrows(
                UnsupportedOperationException.class, () -> group.exceptions().clear());
    }

    @Test
    void groupOfNothingIsRefused() {
        assertEquals(
                "an ExceptionGroup needs at least one exception",
                assertThrows(IllegalArgumentException.class, () -> new ExceptionGroup("none", List.of()))
                        .getMessage());
    }

    @Test
    void splitKeepsTheNesting() {
        ExceptionGroup.Split split = outer.split(IOException.class::isInstance);
        ExceptionGroup matching = part(split.matching());
        ExceptionGroup rest = part(split.rest());
        assertEquals(List.of(io), ((ExceptionGroup) matching.exceptions().get(0)).exceptions());
        assertEquals(1, matching.exceptions().size());
        assertEquals(List.of(illegal), ((ExceptionGroup) rest.exceptions().get(0)).exceptions());
        assertEquals(List.of(arithmetic), rest.exceptions().subList(1, 2));
        assertEquals("outer", rest.getMessage());
        assertEquals("inner", rest.exceptions().get(0).getMessage());
        assertArrayEquals(outer.getStackTrace(), rest.getStackTrace());
    }

    private static ExceptionGroup part(ExceptionGroup part) {
        assertNotNull(part);
        return part;
    }

    @Test
    void splitIntoAllAndNothing() {
        Predicate<Throwable> leaves = exception -> !(exception instanceof ExceptionGroup);
        assertNull(outer.split(leaves).rest());
        assertNull(outer.subgroup(exception -> false));
        assertSame(outer, outer.subgroup(exception -> true));
    }

    @Test
    void groupThatMatchesIsTakenWhole() {
        ExceptionGroup subgroup = part(outer.subgroup(exception -> exception == inner));
        assertEquals(List.of(inner), subgroup.exceptions());
    }
}
