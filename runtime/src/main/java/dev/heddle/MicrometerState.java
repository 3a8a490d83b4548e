// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.Sneaky;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The values of all accessors in Micrometer's {@code ContextRegistry}, those registered later too. The library is found by its names, so that
 * Heddle does not depend on it.
 */
final class MicrometerState implements ThreadState<Object> {

    private static @Nullable MicrometerState found;

    private static final String PACKAGE = "io.micrometer.context.";

    /** {@code ContextSnapshotFactory.captureAll(Object...)}, without arguments. */
    private final MethodHandle captureAll;

    /** {@code ContextSnapshot.setThreadLocals()}. */
    private final MethodHandle setThreadLocals;

    private MicrometerState(MethodHandle captureAll, MethodHandle setThreadLocals) {
        this.captureAll = captureAll;
        this.setThreadLocals = setThreadLocals;
    }

    /** Returns the state, always the same. */
    static synchronized MicrometerState get() {
        MicrometerState state = found;
        if (state == null) {
            state = find();
            found = state;
        }
        return state;
    }

    private static MicrometerState find() {
        try {
            return in(MicrometerState.class.getClassLoader());
        } catch (ReflectiveOperationException here) {
            try {
                return in(Thread.currentThread().getContextClassLoader());
            } catch (ReflectiveOperationException missing) {
                throw new IllegalStateException(
                        "Context.mirrorMicrometer needs io.micrometer:context-propagation, 1.1 or later, on the class path",
                        missing);
            }
        }
    }

    private static MicrometerState in(@Nullable ClassLoader loader) throws ReflectiveOperationException {
        Class<?> factory = Class.forName(PACKAGE + "ContextSnapshotFactory", true, loader);
        Class<?> builder = Class.forName(PACKAGE + "ContextSnapshotFactory$Builder", true, loader);
        Class<?> snapshot = Class.forName(PACKAGE + "ContextSnapshot", true, loader);
        Class<?> scope = Class.forName(PACKAGE + "ContextSnapshot$Scope", true, loader);
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Object made;
        try {
            Object begun = lookup.findStatic(factory, "builder", MethodType.methodType(builder))
                    .invoke();
            // Otherwise the values of the previous task would stay where this one has none.
            Object clearing = lookup.findVirtual(builder, "clearMissing", MethodType.methodType(builder, boolean.class))
                    .invoke(begun, true);
            made = lookup.findVirtual(builder, "build", MethodType.methodType(factory))
                    .invoke(clearing);
        } catch (ReflectiveOperationException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw Sneaky.thrown(failure);
        }
        MethodHandle capture =
                lookup.findVirtual(factory, "captureAll", MethodType.methodType(snapshot, Object[].class));
        MethodHandle set = lookup.findVirtual(snapshot, "setThreadLocals", MethodType.methodType(scope));
        return new MicrometerState(
                MethodHandles.insertArguments(capture.asFixedArity().bindTo(made), 0, (Object) new Object[0])
                        .asType(MethodType.methodType(Object.class)),
                set.asType(MethodType.methodType(Object.class, Object.class)));
    }

    @Override
    public Object capture() {
        try {
            return (Object) captureAll.invokeExact();
        } catch (Throwable failure) {
            throw Sneaky.thrown(failure);
        }
    }

    /** Sets the values for good: the scope that would undo it is dropped. */
    @Override
    public void restore(Object state) {
        try {
            Object unused = (Object) setThreadLocals.invokeExact(state);
        } catch (Throwable failure) {
            throw Sneaky.thrown(failure);
        }
    }

    @Override
    public String toString() {
        return "<ThreadState of Micrometer's accessors>";
    }
}
