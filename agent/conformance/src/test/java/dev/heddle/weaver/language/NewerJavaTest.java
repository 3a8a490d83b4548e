package dev.heddle.weaver.language;

import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Shapes in the language of newer Java than the one this project is written in. */
class NewerJavaTest {

    private static final String HEADER = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.util.*;

            """;

    private static final String PATTERNS = HEADER + """
            class Patterns {
                sealed interface Shape permits Circle, Box, Pair {}
                record Circle(double radius) implements Shape {}
                record Box(int width, long height) implements Shape {}
                record Pair(Shape left, Shape right) implements Shape {}
                enum Color { RED, GREEN }

                static List<Shape> samples() {
                    return List.of(new Circle(1.5), new Box(2, 3L), new Pair(new Box(1, 1L), new Circle(2)),
                            new Pair(new Pair(new Box(5, 6L), new Box(7, 8L)), new Circle(3)));
                }

                @Async
                static Coroutine<String> typePatterns(Script s) {
                    String r = "";
                    for (Object o : new Object[] {1, "t", 2L, 'c', List.of(1), 7, new int[] {4}}) {
                        r += switch (await(s.later(o))) {
                            case Integer i when i > await(s.later(5)) -> "big" + i + await(s.later("!"));
                            case Integer i -> "int" + (i + await(s.later(10)));
                            case String t -> t + await(s.later("s")) + t.length();
                            case Long l when await(s.later(l)) == 3L -> "three";
                            case int[] array -> array[await(s.later(0))];
                            case Character c -> { char next = (char) (c + await(s.later(1))); yield next; }
                            default -> await(s.later("other"));
                        };
                    }
                    return Coroutine.of(r);
                }

                @Async
                static Coroutine<String> caseNull(Script s) {
                    String r = "";
                    for (String t : Arrays.asList("a", null, "b")) {
                        switch (await(s.later(t))) {
                            case null -> r += await(s.later("null"));
                            case "a" -> r += await(s.later("A"));
                            default -> r += t;
                        }
                        r += switch ((Object) t) {
                            case String x when x.equals("b") -> await(s.later("B"));
                            case null, default -> await(s.later("-"));
                        };
                    }
                    return Coroutine.of(r);
                }

                @Async
                static Coroutine<Double> recordPatterns(Script s) {
                    double sum = 0;
                    for (Shape shape : samples()) {
                        sum += switch (shape) {
                            case Circle(double r) -> r * await(s.later(2.0));
                            case Box(int w, long h) when w > await(s.later(1)) -> w * h + await(s.later(1L));
                            case Box(var w, var h) -> w;
                            case Pair(Box(int w, long h), Circle(double r)) -> w + h + r + await(s.later(100));
                            case Pair(Pair(Box b, var inner), var right) -> b.width() + await(s.later(1000));
                            case Pair p -> -1;
                        };
                    }
                    return Coroutine.of(sum);
                }

                @Async
                static Coroutine<String> instanceOfPatterns(Script s) {
                    String r = "";
                    for (Shape shape : samples()) {
                        if (await(s.later(shape)) instanceof Pair(Box(int w, var h), Shape right)
                                && await(s.later(w)) == 1) {
                            r += w + await(s.later("x")) + h + right;
                        } else if (shape instanceof Circle c && c.radius() > await(s.later(1.0))) {
                            r += c.radius();
                        }
                    }
                    return Coroutine.of(r);
                }

                @Async
                static Coroutine<String> mixedEnumsAndPatterns(Script s) {
                    String r = "";
                    for (Object o : new Object[] {Color.RED, Color.GREEN, "x"}) {
                        r += switch (o) {
                            case Color c when c == Color.RED -> await(s.later("red"));
                            case Color c -> c.name() + await(s.later(1));
                            default -> await(s.later("none"));
                        };
                    }
                    Color color = await(s.later(Color.GREEN));
                    return Coroutine.of(r + switch (color) {
                        case RED -> "never";
                        case GREEN -> await(s.later("g")) + color;
                    });
                }

                record Failing(int value) {
                    public int value() {
                        throw new IllegalStateException("accessor");
                    }
                }

                @Async
                static Coroutine<String> accessorFails(Script s) {
                    try {
                        return Coroutine.of(switch ((Object) await(s.later(new Failing(1)))) {
                            case Failing(int v) -> await(s.later("v")) + v;
                            default -> "never";
                        });
                    } catch (MatchException e) {
                        return Coroutine.of(await(s.later("m")) + e.getCause().getMessage());
                    }
                }

                @Async
                static Coroutine<Integer> restartsInLoop(Script s) {
                    int n = 0;
                    while (n < 6) {
                        Object o = n;
                        switch (o) {
                            case Integer i when i % 3 == await(s.later(0)):
                                n += await(s.later(1));
                                break;
                            case Integer i when i % 3 == 1:
                                n += i > 3 ? await(s.later(2)) : 1;
                                continue;
                            default:
                                n++;
                        }
                    }
                    return Coroutine.of(n);
                }
            }
            """;

    private static final String LATEST = HEADER + """
            class Latest {
                record Point(int x, long y) {}

                @Async
                static Coroutine<String> unnamedVariables(Script s) {
                    String r = "";
                    for (var _ : List.of(1, 2)) {
                        try (AutoCloseable _ = () -> s.say("closed")) {
                            r += await(s.later("t"));
                            throw new IllegalStateException();
                        } catch (Exception _) {
                            r += await(s.later("c"));
                        }
                    }
                    var _ = await(s.later("ignored"));
                    AsyncFunction<Integer, String> f = _ -> Coroutine.of(await(s.later("lambda")));
                    try {
                        r += await(f.apply(1));
                    } catch (Exception e) {
                        r += e.getMessage();
                    }
                    return Coroutine.of(r);
                }

                @Async
                static Coroutine<String> unnamedPatterns(Script s) {
                    Object o = await(s.later(new Point(1, 2)));
                    String r = o instanceof Point(int x, _) ? "x" + (x + await(s.later(1))) : "none";
                    return Coroutine.of(switch (o) {
                        case Point(_, long y) when y > 5 -> "never";
                        case Point(_, long y) -> r + y + await(s.later("!"));
                        default -> "none";
                    });
                }

                static class Parent {
                    final String text;
                    Parent(String text) { this.text = text; }
                }

                static class Child extends Parent {
                    private final int own;

                    Child(int n) {
                        if (n < 0) {
                            throw new IllegalArgumentException("negative");
                        }
                        own = n * 2;
                        super("parent" + n);
                    }

                    @Async
                    Coroutine<String> describe(Script s) {
                        return Coroutine.of(text + own + await(s.later("!")));
                    }
                }

                @Async
                static Coroutine<String> flexibleConstructors(Script s) {
                    try {
                        String r = await(new Child(await(s.later(3))).describe(s));
                        return Coroutine.of(r + await(new Child(await(s.later(-1))).describe(s)));
                    } catch (IllegalArgumentException e) {
                        return Coroutine.of(e.getMessage() + await(s.later("c")));
                    }
                }
            }
            """;

    @TestFactory
    @EnabledForJreRange(min = JRE.JAVA_21)
    Stream<DynamicTest> patterns() {
        return Shapes.of("target.Patterns", SourceCompiler.compile("target.Patterns", PATTERNS, "--release", "21"));
    }

    @TestFactory
    @EnabledForJreRange(min = JRE.JAVA_21)
    Stream<DynamicTest> patternsAsTheRunningJdkCompilesThem() {
        return Shapes.of("target.Patterns", SourceCompiler.compile("target.Patterns", PATTERNS, "-g"));
    }

    @TestFactory
    @EnabledForJreRange(min = JRE.JAVA_25)
    Stream<DynamicTest> latest() {
        return Shapes.of("target.Latest", SourceCompiler.compile("target.Latest", LATEST, "--release", "25"));
    }
}
