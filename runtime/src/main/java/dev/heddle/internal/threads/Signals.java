// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.threads;

import dev.heddle.internal.loop.ClosingAll;
import dev.heddle.internal.loop.LoopCore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of signals. A process has one handler for each signal. The JDK has no exported API for signals except {@code sun.misc.Signal} in the module {@code
 * jdk.unsupported}, which is used by reflection, so that the library needs neither the module nor its warnings to be compiled. A thread of the JVM calls the handlers.
 *
 * <p>Thread-safe.
 */
public final class Signals implements AutoCloseable {

    private static final String NAME = "sun.misc.Signal";

    /** Signals that the JVM uses, although it does not refuse a handler. */
    private static final Set<String> NEEDED = Set.of("BUS", "TRAP", "PIPE", "XFSZ");

    /** The handlers of this library, each by the name of its signal without {@code SIG}. */
    private static final Map<String, Installed> INSTALLED = new HashMap<>();

    /** A handler of {@code owner}. {@code before} is what the JVM had for the signal before this library. */
    private record Installed(
            Signals owner, Object signal, @Nullable Object before) {}

    private Signals() {}

    /** Returns the handlers of the loop of {@code core}, which are removed when it is closed. */
    public static Signals of(LoopCore core) {
        Signals known = core.resource(Signals.class);
        if (known == null) {
            known = new Signals();
            core.keep(Signals.class, known);
        }
        return known;
    }

    /**
     * Calls {@code handler} on another thread whenever the signal arrives, in place of every handler before.
     *
     * @param name the name of the signal, with or without {@code SIG}
     * @throws IllegalArgumentException if there is no such signal
     * @throws IllegalStateException if the JVM or the system keeps the signal for itself
     */
    public void handle(String name, Runnable handler) {
        String key = key(name);
        synchronized (INSTALLED) {
            Object signal = signal(key);
            if (NEEDED.contains(key)) {
                throw refused(key, null);
            }
            Object before = install(key, signal, proxy(handler));
            Installed replaced = INSTALLED.get(key);
            INSTALLED.put(key, new Installed(this, signal, replaced == null ? before : replaced.before));
        }
    }

    /** Restores what was done with the signal before the first handler. Returns false if its handler is not one of these; then nothing happens. */
    public boolean restore(String name) {
        String key = key(name);
        synchronized (INSTALLED) {
            Installed installed = INSTALLED.get(key);
            if (installed == null || installed.owner != this) {
                return false;
            }
            INSTALLED.remove(key);
            install(key, installed.signal, installed.before);
            return true;
        }
    }

    /** Restores everything for which there is a handler of these. */
    @Override
    public void close() {
        ClosingAll all = new ClosingAll();
        synchronized (INSTALLED) {
            List.copyOf(INSTALLED.keySet()).forEach(key -> all.close("the handler of SIG" + key, () -> restore(key)));
        }
        all.end();
    }

    private static String key(String name) {
        return name.startsWith("SIG") ? name.substring(3) : name;
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(
                    "this JVM has no class " + name + ", without which it cannot handle signals; start it with"
                            + " --add-modules jdk.unsupported",
                    missing);
        }
    }

    private static Object signal(String key) {
        try {
            return type(NAME).getConstructor(String.class).newInstance(key);
        } catch (InvocationTargetException unknown) {
            throw new IllegalArgumentException(
                    "unknown signal: SIG" + key + "; this system has no signal of that name", unknown.getCause());
        } catch (ReflectiveOperationException changed) {
            throw unusable(changed);
        }
    }

    private static Object proxy(Runnable handler) {
        Class<?> type = type("sun.misc.SignalHandler");
        return Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer(handler, proxy, method, arguments));
    }

    private static @Nullable Object answer(Runnable handler, Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "handle" -> {
                handler.run();
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> handler.toString();
        };
    }

    /** Makes {@code handler} the handler of {@code signal}, and returns the one before. */
    private static @Nullable Object install(String key, Object signal, @Nullable Object handler) {
        try {
            Method handle = type(NAME).getMethod("handle", signal.getClass(), type("sun.misc.SignalHandler"));
            return handle.invoke(null, signal, handler);
        } catch (InvocationTargetException kept) {
            throw refused(key, kept.getCause());
        } catch (ReflectiveOperationException changed) {
            throw unusable(changed);
        }
    }

    private static IllegalStateException refused(String key, @Nullable Throwable cause) {
        return new IllegalStateException(
                "the signal SIG" + key + " cannot be handled, because the JVM or the system keeps it for itself;"
                        + " use another one, SIGUSR1 for example; -Xrs takes SIGHUP, SIGINT and SIGTERM from programs",
                cause);
    }

    private static IllegalStateException unusable(ReflectiveOperationException changed) {
        return new IllegalStateException("this JVM has another " + NAME + " than Heddle knows", changed);
    }
}
