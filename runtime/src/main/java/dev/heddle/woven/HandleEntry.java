// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * An entry that makes stepping in a debugger pleasant. It reaches a body only through classes of the JDK and of the runtime, which debuggers can skip. All
 * other entries run a synthetic method of the woven class, in which a step out of a body would end.
 */
final class HandleEntry implements Entry {

    /** Whether {@code -Dheddle.debugger=true} requests entries of this kind. They call a body more slowly than others. */
    static final boolean WANTED = Boolean.getBoolean("heddle.debugger");

    private final AsyncMethod method;

    /** Calls the body: {@code (Frame)Object}. */
    private final MethodHandle body;

    private HandleEntry(AsyncMethod method, MethodHandle body) {
        this.method = method;
        this.body = body;
    }

    /**
     * Returns the entry of {@code method}. If the class of a parameter is missing, which affects no other entry, returns {@code method} itself.
     *
     * @param lookup a lookup of the woven class
     * @param descriptor the descriptor of the body, whose last parameter is the frame
     * @param isStatic whether the body is a static method, so that the frame holds no receiver
     */
    static Object of(AsyncMethod method, Lookup lookup, String descriptor, boolean isStatic) {
        Class<?> owner = lookup.lookupClass();
        try {
            MethodType type = MethodType.fromMethodDescriptorString(descriptor, owner.getClassLoader());
            MethodHandle handle = isStatic
                    ? lookup.findStatic(owner, method.name(), type)
                    : lookup.findSpecial(owner, method.name(), type, owner);
            // The body restores its parameters itself.
            handle = MethodHandles.insertArguments(handle, isStatic ? 0 : 1, defaults(type));
            if (!isStatic) {
                MethodHandle getter = MethodHandles.lookup()
                        .findGetter(Frame.class, "a0", Object.class)
                        .asType(MethodType.methodType(owner, Frame.class));
                MethodType frame = MethodType.methodType(Object.class, Frame.class);
                handle = MethodHandles.permuteArguments(MethodHandles.filterArguments(handle, 0, getter), frame, 0, 0);
            }
            return new HandleEntry(method, handle);
        } catch (ReflectiveOperationException | TypeNotPresentException missing) {
            return method;
        }
    }

    /** The default value of each parameter of {@code type} but the last. */
    private static @Nullable Object[] defaults(MethodType type) {
        Class<?>[] parameters = type.parameterArray();
        @Nullable Object[] defaults = new Object[parameters.length - 1];
        for (int i = 0; i < defaults.length; i++) {
            defaults[i] = Array.get(Array.newInstance(parameters[i], 1), 0);
        }
        return defaults;
    }

    @Override
    public @Nullable Object resume(@Nullable Frame<?> frame) {
        if (frame == null) {
            return method;
        }
        try {
            return (Object) body.invokeExact((Frame<?>) frame);
        } catch (Throwable failure) {
            throw Failure.<RuntimeException>sneaky(failure);
        }
    }
}
