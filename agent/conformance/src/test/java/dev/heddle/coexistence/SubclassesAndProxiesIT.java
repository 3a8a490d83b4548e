package dev.heddle.coexistence;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.Argument;
import net.bytebuddy.implementation.bind.annotation.SuperCall;
import net.bytebuddy.matcher.ElementMatchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Classes made at run time around woven ones, as containers make them for transactions, caches and mocks. */
@Timeout(60)
class SubclassesAndProxiesIT {

    /** The interface that the proxies implement. */
    public interface Greeter {
        Coroutine<String> greet(String name);

        @Async
        default Coroutine<String> greetTwice(String name) {
            String first = await(greet(name));
            return Coroutine.of(first + ", " + await(greet(name)));
        }
    }

    /** The class that the subclasses extend. */
    public static class PoliteGreeter implements Greeter {
        @Override
        @Async
        public Coroutine<String> greet(String name) {
            await(sleep(0));
            if (name.isEmpty()) {
                throw new IllegalArgumentException("whom?");
            }
            return Coroutine.of("hello " + name);
        }

        /** Awaits a method that subclasses override. */
        @Async
        public Coroutine<String> greetAll(List<String> names) {
            StringBuilder all = new StringBuilder();
            for (String name : names) {
                all.append(await(greet(name))).append(';');
            }
            return Coroutine.of(all.toString());
        }
    }

    /** The class to which the generated classes delegate. */
    public static class Interceptor {
        final List<String> calls = new ArrayList<>();

        @SuppressWarnings("unchecked") // what the intercepted method returns
        public Coroutine<String> intercept(@Argument(0) String name, @SuperCall Callable<?> original) throws Exception {
            calls.add(name);
            return exclaim((Coroutine<String>) original.call());
        }

        @Async
        private static Coroutine<String> exclaim(Coroutine<String> original) {
            return Coroutine.of(await(original) + "!");
        }
    }

    private final Interceptor interceptor = new Interceptor();

    @Test
    void aMadeSubclassOverridesAnAsyncMethodAndCallsItsSuperMethod() throws Exception {
        PoliteGreeter greeter = madeSubclass();

        assertEquals("hello ada!", run(greeter.greet("ada")));
        assertEquals(List.of("ada"), interceptor.calls);
    }

    @Test
    void anAsyncMethodAwaitsTheOverridingMethodOfAMadeSubclass() throws Exception {
        PoliteGreeter greeter = madeSubclass();

        assertEquals("hello ada!;hello bob!;", run(greeter.greetAll(List.of("ada", "bob"))));
        assertEquals("hello eve!, hello eve!", run(greeter.greetTwice("eve")));
        assertEquals(List.of("ada", "bob", "eve", "eve"), interceptor.calls);
    }

    @Test
    void aFailureOfAnAsyncMethodComesThroughItsMadeSubclass() throws Exception {
        PoliteGreeter greeter = madeSubclass();

        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> run(greeter.greetTwice("")));
        assertEquals("whom?", failure.getMessage());
    }

    @Test
    void aProxyOfAnInterfaceLeadsToAsyncMethods() {
        List<String> calls = new ArrayList<>();
        Greeter greeter = proxy(new PoliteGreeter(), calls);

        assertEquals("hello ada, hello ada", run(greeter.greetTwice("ada")));
        assertEquals("hello bob", run(greeter.greet("bob")));
        assertEquals(List.of("greetTwice", "greet"), calls);
    }

    @Test
    void aProxyRunsTheDefaultAsyncMethodOfItsInterface() {
        List<String> calls = new ArrayList<>();
        Greeter[] itself = new Greeter[1];
        PoliteGreeter target = new PoliteGreeter();
        itself[0] = (Greeter) Proxy.newProxyInstance(
                Greeter.class.getClassLoader(), new Class<?>[] {Greeter.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return method.isDefault()
                            ? invokeDefault(proxy, method, arguments)
                            : method.invoke(target, arguments);
                });

        assertEquals("hello ada, hello ada", run(itself[0].greetTwice("ada")));
        assertEquals(List.of("greetTwice", "greet", "greet"), calls);
    }

    private static Greeter proxy(Greeter target, List<String> calls) {
        return (Greeter) Proxy.newProxyInstance(
                Greeter.class.getClassLoader(), new Class<?>[] {Greeter.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    private static Object invokeDefault(Object proxy, Method method, Object[] arguments) throws Throwable {
        return InvocationHandler.invokeDefault(proxy, method, arguments);
    }

    private PoliteGreeter madeSubclass() throws Exception {
        return new ByteBuddy()
                .subclass(PoliteGreeter.class)
                .method(ElementMatchers.named("greet"))
                .intercept(MethodDelegation.to(interceptor))
                .make()
                .load(PoliteGreeter.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded()
                .getConstructor()
                .newInstance();
    }
}
