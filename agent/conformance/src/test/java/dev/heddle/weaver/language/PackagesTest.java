package dev.heddle.weaver.language;

import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Shapes that need more than one package, or none. The weaver finds none of their classes. */
class PackagesTest {

    private static final String IMPORTS = """
            import static dev.heddle.Asyncio.await;
            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.util.function.*;
            """;

    private static final String UNNAMED = IMPORTS + """
            class Unnamed {
                private int calls;

                @Async
                private Coroutine<Integer> again(Script s, int n) {
                    calls++;
                    return n == 0 ? s.later(calls) : Coroutine.of(n + await(again(s, n - 1)));
                }

                @Async
                static Coroutine<Integer> inDefaultPackage(Script s) {
                    Function<Integer, Coroutine<Integer>> f = n -> Coroutine.of(n + await(s.later(1)));
                    return Coroutine.of(await(new Unnamed().again(s, 3)) + await(f.apply(1)));
                }
            }
            """;

    private static final String BASE = "package target.base;\n" + IMPORTS + """
            public abstract class Base {
                protected int held = 1;
                protected static String shared = "shared";

                protected Base() {}

                protected int bump(int by) {
                    return held += by;
                }

                @Async
                protected Coroutine<String> greet(Script s, String name) {
                    held += await(s.later(1));
                    return Coroutine.of("base " + name + held + await(s.later("!")));
                }

                @Async
                protected static Coroutine<String> common(Script s) {
                    return Coroutine.of(shared + await(s.later("common")));
                }

                public String describe() {
                    return "held " + held;
                }
            }
            """;

    private static final String HEIR = "package target.heir;\n" + IMPORTS + """
            import target.base.Base;

            public class Heir extends Base {
                protected int held = 100;

                @Override
                @Async
                protected Coroutine<String> greet(Script s, String name) {
                    String before = await(s.later("before"));
                    String inherited = await(super.greet(s, name + await(s.later("?"))));
                    super.held += await(s.later(10));
                    return Coroutine.of(before + inherited + super.held + held + bump(await(s.later(20))));
                }

                @Async
                static Coroutine<String> superAcrossPackages(Script s) {
                    Heir heir = new Heir();
                    return Coroutine.of(await(heir.greet(s, "a")) + heir.describe());
                }

                @Async
                static Coroutine<String> protectedStatics(Script s) {
                    try {
                        shared += await(s.later("+"));
                        return Coroutine.of(await(common(s)) + shared);
                    } finally {
                        shared = "shared";
                    }
                }

                @Async
                static Coroutine<String> protectedThroughLambdas(Script s) throws Exception {
                    Heir heir = new Heir();
                    return heir.lambdas(s);
                }

                @Async
                private Coroutine<String> lambdas(Script s) throws Exception {
                    AsyncFunction<Integer, String> f = n -> Coroutine.of(bump(await(s.later(n))) + await(super.greet(s, "l")));
                    AsyncSupplier<String> reference = () -> Heir.common(s);
                    IntUnaryOperator bumps = this::bump;
                    return Coroutine.of(await(f.apply(5)) + await(reference.get()) + bumps.applyAsInt(await(s.later(7))));
                }

                class Inner {
                    @Async
                    Coroutine<String> outward(Script s) {
                        String greeting = await(Heir.super.greet(s, await(s.later("inner"))));
                        Heir.super.held += await(s.later(1000));
                        return Coroutine.of(greeting + Heir.super.describe() + Heir.this.bump(await(s.later(1))));
                    }
                }

                @Override
                public String describe() {
                    return "heir";
                }

                @Async
                static Coroutine<String> superOfOuter(Script s) {
                    Heir heir = new Heir();
                    return Coroutine.of(await(heir.new Inner().outward(s)) + heir.describe());
                }

                @Async
                static Coroutine<String> anonymousHeir(Script s) {
                    var base = new Base() {
                        @Override
                        @Async
                        protected Coroutine<String> greet(Script s, String name) {
                            held = await(s.later(3));
                            return Coroutine.of(await(super.greet(s, name)) + bump(await(s.later(4))));
                        }

                        @Override
                        public String toString() {
                            return "anonymous" + held;
                        }
                    };
                    return Coroutine.of(await(base.greet(s, "n")) + base + await(s.later("end")));
                }
            }
            """;

    private static final String MERGES = "package target.merges;\n" + IMPORTS + """
            public class Merges {
                interface Named { String name(); }
                static class Top implements Named {
                    @Override public String name() { return "top"; }
                }
                static class Left extends Top {
                    @Override public String name() { return "left"; }
                }
                static class Right extends Top implements Comparable<Right> {
                    @Override public int compareTo(Right other) { return 0; }
                }

                @Async
                static Coroutine<String> siblings(Script s) {
                    String r = "";
                    for (int i = 0; i < 2; i++) {
                        Top top = i == await(s.later(0)) ? new Left() : new Right();
                        Named named = i == 0 ? top : () -> "lambda";
                        Top[] array = i == 0 ? new Left[] {new Left()} : new Right[1];
                        r += await(s.later("+")) + top.name() + named.name() + array.length;
                    }
                    return Coroutine.of(r);
                }

                static class Self {
                    String name() { return "self"; }

                    @Async
                    Coroutine<String> orHeir(Script s, boolean heir) {
                        Self self = heir ? new Heir() : this;
                        String before = await(s.later("before "));
                        return Coroutine.of(before + self.name() + await(s.later("!")));
                    }
                }
                static class Heir extends Self {
                    @Override String name() { return "heir"; }
                }

                @Async
                static Coroutine<String> classBeingLoaded(Script s) {
                    return Coroutine.of(await(new Self().orHeir(s, true)) + await(new Heir().orHeir(s, false)));
                }
            }
            """;

    @TestFactory
    Stream<DynamicTest> defaultPackage() {
        return Shapes.of("Unnamed", SourceCompiler.compile("Unnamed", UNNAMED));
    }

    @TestFactory
    Stream<DynamicTest> membersOfAParentElsewhere() {
        return Shapes.of(
                "target.heir.Heir",
                "target.",
                SourceCompiler.compile(Map.of("target.base.Base", BASE, "target.heir.Heir", HEIR), List.of("-g")));
    }

    @TestFactory
    Stream<DynamicTest> commonParentThatNoOtherLoaderKnows() {
        return Shapes.of("target.merges.Merges", SourceCompiler.compile("target.merges.Merges", MERGES));
    }
}
