package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.concurrent.TimeUnit;

/** Awaits in switch statements and expressions of every kind. */
final class SwitchShapes {

    private SwitchShapes() {}

    enum Size {
        SMALL,
        MIDDLE,
        LARGE
    }

    @SuppressWarnings("fallthrough")
    @Async
    static Coroutine<String> fallThrough(Script s) {
        String r = "";
        for (int i = 0; i < 5; i++) {
            switch (i) {
                case 0:
                    r += await(s.later("a"));
                case 1:
                    r += await(s.later("b"));
                    break;
                default:
                    r += await(s.later("d"));
                case 3:
                    r += await(s.later("c"));
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<String> sparseKeys(Script s) {
        String r = "";
        for (int key : new int[] {Integer.MIN_VALUE, 7, 1_000_000, 8}) {
            switch (await(s.later(key))) {
                case Integer.MIN_VALUE -> r += "min" + await(s.later("!"));
                case 7 -> r += await(s.later("seven"));
                case 1_000_000 -> {
                    long million = key;
                    r += million + await(s.later(1L));
                }
                default -> r += await(s.later("other"));
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<String> strings(Script s) {
        String r = "";
        for (String t : new String[] {"Aa", "BB", "c"}) {
            switch (await(s.later(t))) {
                case "Aa":
                    r += await(s.later("one"));
                    continue;
                case "BB":
                    r += await(s.later("two"));
                    break;
                default:
                    r += await(s.later("none"));
            }
            r += "|";
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<Integer> enums(Script s) {
        int n = 0;
        for (Size size : Size.values()) {
            switch (size) {
                case SMALL -> n += await(s.later(1));
                case LARGE -> n += await(s.later(100));
                default -> n += await(s.later(10));
            }
            n += switch (await(s.later(TimeUnit.DAYS))) {
                case DAYS -> await(s.later(1000));
                default -> 0;
            };
        }
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<Integer> exhaustiveExpression(Script s) {
        int n = 0;
        for (Size size : Size.values()) {
            n = n * 10
                    + switch (await(s.later(size))) {
                        case SMALL -> 1;
                        case MIDDLE -> {
                            int two = await(s.later(2));
                            yield two;
                        }
                        case LARGE -> await(s.later(3)) + size.ordinal();
                    };
        }
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<String> nested(Script s) {
        String r = "";
        for (int i = 0; i < 2; i++) {
            for (String t : new String[] {"x", "y"}) {
                switch (i) {
                    case 0:
                        switch (t) {
                            case "x":
                                r += await(s.later("0x"));
                                break;
                            case "y":
                                r += await(s.later("0y"));
                        }
                        break;
                    case 1:
                        r += switch (t) {
                            case "x" -> await(s.later("1x"));
                            default ->
                                switch (await(s.later(1))) {
                                    case 1 -> await(s.later("1y"));
                                    default -> "never";
                                };
                        };
                }
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<String> expressionWithOperandsBelow(Script s) {
        return Coroutine.of("a" + s.say("below", 1L)
                + switch (await(s.later('k'))) {
                    case 'j', 'k', 'l' -> await(s.later("middle"));
                    default -> throw new IllegalStateException("never");
                }
                + await(s.later(2.5)));
    }

    @Async
    static Coroutine<String> throwingArms(Script s) {
        String r = "";
        for (int i = 0; i < 3; i++) {
            try {
                r += switch (i) {
                    case 0 -> throw new IllegalStateException(await(s.later("zero")));
                    case 1 -> await(s.later("one"));
                    default -> {
                        if (await(s.later(true))) {
                            throw new IllegalStateException("default");
                        }
                        yield "never";
                    }
                };
            } catch (IllegalStateException e) {
                r += e.getMessage() + await(s.later("!"));
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<Integer> yieldThroughFinally(Script s) {
        int n = 5;
        n += switch (n) {
            case 5 -> {
                try {
                    yield await(s.later(7));
                } finally {
                    s.say(await(s.later("finally")));
                }
            }
            default -> 0;
        };
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<Integer> returnsFromCases(Script s) {
        for (int i = 0; ; i++) {
            switch (await(s.later(i))) {
                case 0:
                    continue;
                case 1:
                    await(s.later(1));
                    break;
                case 2:
                    return s.later(i * 7);
                default:
                    throw new IllegalStateException();
            }
        }
    }

    @Async
    static Coroutine<Integer> nullSelector(Script s) {
        try {
            switch (await(s.later((String) null))) {
                case "a":
                    return Coroutine.of(1);
                default:
                    return Coroutine.of(2);
            }
        } catch (NullPointerException e) {
            return Coroutine.of(await(s.later(3)));
        }
    }
}
