package dev.heddle.weaver.fuzz;

import java.util.List;

/** The types of generated variables and expressions. An expression of a primitive type may also have the boxed type. */
enum Type {
    BOOLEAN("boolean", "Boolean", "true", "false"),
    BYTE("byte", "Byte", "(byte) 7", "(byte) -100"),
    SHORT("short", "Short", "(short) 300", "(short) -1"),
    CHAR("char", "Character", "'c'", "'z'"),
    INT("int", "Integer", "0", "1", "2", "3", "-7", "70000"),
    LONG("long", "Long", "0L", "3L", "1L << 40", "-5L"),
    FLOAT("float", "Float", "0.5f", "-2f"),
    DOUBLE("double", "Double", "1.5", "0.0", "-1e300"),
    STRING("String", "String", "\"\"", "\"a\"", "\"bc\"", "(String) null"),
    INTEGER("Integer", "Integer", "Integer.valueOf(5)", "Integer.valueOf(1000)"),
    NUMBER("Number", "Number", "(Number) 4", "(Number) 2.5", "(Number) 9L"),
    OBJECT("Object", "Object", "(Object) \"o\"", "(Object) 12", "(Object) 'q'", "(Object) null"),
    INTS("int[]", "int[]", "new int[] {1, 2, 3}", "new int[2]"),
    LONGS("long[]", "long[]", "new long[] {4L, 5L}"),
    BYTES("byte[]", "byte[]", "new byte[] {6, 7}"),
    DOUBLES("double[]", "double[]", "new double[] {0.25, 8}"),
    STRINGS("String[]", "String[]", "new String[] {\"s\", \"t\"}"),
    POINT("Point", "Point", "new Point(1, 2L, \"p\")"),
    BOX("Box<String>", "Box<String>", "new Box<>(\"b\", 1L)", "new Box<String>(null, 2)"),
    COLOR("Color", "Color", "Color.RED", "Color.BLUE"),
    VARIABLE("T", "T", "(T) null");

    static final List<Type> PRIMITIVES = List.of(BOOLEAN, BYTE, SHORT, CHAR, INT, LONG, FLOAT, DOUBLE);
    static final List<Type> NUMBERS = List.of(BYTE, SHORT, CHAR, INT, LONG, FLOAT, DOUBLE);
    static final List<Type> ARRAYS = List.of(INTS, LONGS, BYTES, DOUBLES, STRINGS);
    static final List<Type> ALL = List.of(values()).subList(0, values().length - 1);

    final String text;
    final String boxed;
    final List<String> literals;

    Type(String text, String boxed, String... literals) {
        this.text = text;
        this.boxed = boxed;
        this.literals = List.of(literals);
    }

    boolean isPrimitive() {
        return PRIMITIVES.contains(this);
    }

    Type element() {
        return switch (this) {
            case INTS -> INT;
            case LONGS -> LONG;
            case BYTES -> BYTE;
            case DOUBLES -> DOUBLE;
            case STRINGS -> STRING;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
