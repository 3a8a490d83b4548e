package dev.heddle.woven;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * An entry for debuggers, which can leave the classes of the JDK and of the runtime out when they step. The class of any other
 * entry is in the package of the program, so that a step out of a body would end in it.
 */
final class HandleEntry extends Entry {

    /** Whether {@code -Dheddle.debugger=true} asks for entries of this kind: calling a body takes longer by them. */
    static final boolean WANTED = Boolean.getBoolean("heddle.debugger");

    /** Calls the body: {@code (Frame)Object}. */
    private final MethodHandle body;

    /**
     * The entry of {@code method}.
     *
     * @param lookup of the woven class
     * @param descriptor of the body, its last parameter being the frame
     * @param hasReceiver whether the body is an instance method, whose receiver is in the frame
     * @throws ReflectiveOperationException if there is no such body
     * @throws TypeNotPresentException if the class of a parameter is missing, which no other entry minds
     */
    HandleEntry(AsyncMethod method, Lookup lookup, String name, String descriptor, boolean hasReceiver)
            throws ReflectiveOperationException {
        super(method);
        Class<?> owner = lookup.lookupClass();
        MethodType type = MethodType.fromMethodDescriptorString(descriptor, owner.getClassLoader());
        MethodHandle handle =
                hasReceiver ? lookup.findSpecial(owner, name, type, owner) : lookup.findStatic(owner, name, type);
        // The body restores its parameters itself.
        handle = MethodHandles.insertArguments(handle, hasReceiver ? 1 : 0, defaults(type));
        if (hasReceiver) {
            MethodHandle getter = MethodHandles.lookup()
                    .findGetter(Frame.class, "a0", Object.class)
                    .asType(MethodType.methodType(owner, Frame.class));
            MethodType frame = MethodType.methodType(Object.class, Frame.class);
            handle = MethodHandles.permuteArguments(MethodHandles.filterArguments(handle, 0, getter), frame, 0, 0);
        }
        this.body = handle;
    }

    /** A default value for each parameter of {@code type} but the last. */
    private static @Nullable Object[] defaults(MethodType type) {
        Class<?>[] parameters = type.parameterArray();
        @Nullable Object[] defaults = new Object[parameters.length - 1];
        for (int i = 0; i < defaults.length; i++) {
            defaults[i] = Array.get(Array.newInstance(parameters[i], 1), 0);
        }
        return defaults;
    }

    @Override
    protected @Nullable Object resume(Frame<?> frame) {
        try {
            return (Object) body.invokeExact(frame);
        } catch (Throwable failure) {
            throw Failure.<RuntimeException>sneaky(failure);
        }
    }
}
