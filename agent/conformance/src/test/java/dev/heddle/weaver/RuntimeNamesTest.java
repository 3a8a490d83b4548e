package dev.heddle.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.woven.Convention;
import dev.heddle.woven.Entries;
import dev.heddle.woven.Frame;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.Type;

/** The weaver knows the runtime by name only. Each name stands for a member that woven code may use. */
class RuntimeNamesTest {

    private static Class<?> type(String internalName) {
        try {
            return Class.forName(internalName.replace('/', '.'));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?>[] parameters(String descriptor) {
        return MethodType.fromMethodDescriptorString(descriptor, RuntimeNamesTest.class.getClassLoader())
                .parameterArray();
    }

    /** A method of that very descriptor, which woven code of any package may call. */
    private static Method method(String owner, String name, String descriptor) {
        try {
            Method method = type(owner).getDeclaredMethod(name, parameters(descriptor));
            assertEquals(descriptor, Type.getMethodDescriptor(method));
            assertUsable(method);
            return method;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private static void staticMethod(String owner, String name, String descriptor) {
        assertTrue(Modifier.isStatic(method(owner, name, descriptor).getModifiers()));
    }

    private static void assertUsable(Executable member) {
        assertTrue(Modifier.isPublic(member.getModifiers()), member + " is public");
        assertTrue(Modifier.isPublic(member.getDeclaringClass().getModifiers()));
    }

    private static void field(String owner, String name, String descriptor) {
        try {
            Field field = type(owner).getDeclaredField(name);
            assertEquals(descriptor, Type.getDescriptor(field.getType()));
            assertTrue(Modifier.isPublic(field.getModifiers()), field + " is public");
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static void constructor(String owner, String descriptor) {
        try {
            Constructor<?> constructor = type(owner).getDeclaredConstructor(parameters(descriptor));
            assertUsable(constructor);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsLookedFor() {
        assertTrue(type(Type.getType(RuntimeNames.ASYNC_DESCRIPTOR).getInternalName())
                .isAnnotation());
        staticMethod(RuntimeNames.ASYNCIO, RuntimeNames.AWAIT, RuntimeNames.AWAIT_AWAITABLE);
        staticMethod(RuntimeNames.ASYNCIO, RuntimeNames.AWAIT, RuntimeNames.AWAIT_STAGE);
        staticMethod(RuntimeNames.COROUTINE, RuntimeNames.OF, RuntimeNames.OF_DESCRIPTOR);
        staticMethod(RuntimeNames.COROUTINE, RuntimeNames.DONE, RuntimeNames.DONE_DESCRIPTOR);
        assertEquals(RuntimeNames.COROUTINE_DESCRIPTOR, Type.getDescriptor(type(RuntimeNames.COROUTINE)));
    }

    @Test
    void thereAreNoOtherAwaits() {
        List<String> awaits = List.of(type(RuntimeNames.ASYNCIO).getDeclaredMethods()).stream()
                .filter(method -> method.getName().equals(RuntimeNames.AWAIT))
                .map(Type::getMethodDescriptor)
                .sorted()
                .toList();
        List<String> known = new ArrayList<>(RuntimeNames.AWAIT_DECLARING);
        known.addAll(List.of(RuntimeNames.AWAIT_AWAITABLE, RuntimeNames.AWAIT_STAGE));
        Collections.sort(known);
        assertEquals(known, awaits);
    }

    @Test
    void whatAnAwaitCalls() {
        staticMethod(RuntimeNames.ASYNCIO, RuntimeNames.WRAP_FUTURE, RuntimeNames.WRAP_FUTURE_DESCRIPTOR);
        staticMethod(RuntimeNames.SUSPENSION, RuntimeNames.AWAIT, RuntimeNames.BEGIN_DESCRIPTOR);
        staticMethod(RuntimeNames.SUSPENSION, RuntimeNames.REFUSE, RuntimeNames.REFUSE_AWAIT_DESCRIPTOR);
        staticMethod(RuntimeNames.SUSPENSION, RuntimeNames.REFUSE, RuntimeNames.REFUSE_CALL_DESCRIPTOR);
        staticMethod(RuntimeNames.SUSPENSION, RuntimeNames.REDEFINED, RuntimeNames.REDEFINED_DESCRIPTOR);
        field(RuntimeNames.SUSPENSION, RuntimeNames.SUSPENDED, "Ljava/lang/Object;");
    }

    @Test
    void callingConvention() {
        staticMethod(RuntimeNames.CONVENTION, RuntimeNames.REQUIRE, RuntimeNames.REQUIRE_DESCRIPTOR);
        field(RuntimeNames.CONVENTION, RuntimeNames.VERSION, "I");
        assertEquals(Convention.VERSION, RuntimeNames.CONVENTION_VERSION);
        assertEquals(Convention.VERSION, CallingConvention.versionOfRuntime(WovenShapes.compiled(Convention.class)));
    }

    @Test
    void frames() {
        field(RuntimeNames.FRAME, RuntimeNames.STATE, "I");
        assertTrue(Frame.STARTED < 0, "states of awaits are positive, and a started body is told by its sign");
        method(RuntimeNames.FRAME, RuntimeNames.TAKE, RuntimeNames.TAKE_DESCRIPTOR);
        assertEquals(RuntimeNames.FRAME_DESCRIPTOR, Type.getDescriptor(type(RuntimeNames.FRAME)));
        field(RuntimeNames.LARGE_FRAME, RuntimeNames.REFERENCES, "[Ljava/lang/Object;");
        field(RuntimeNames.LARGE_FRAME, RuntimeNames.PRIMITIVES, "[J");
        constructor(RuntimeNames.LARGE_FRAME, RuntimeNames.LARGE_FRAME_CONSTRUCTOR);
        staticMethod(RuntimeNames.LARGE_FRAME, RuntimeNames.LARGE_FRAME_OF, RuntimeNames.LARGE_FRAME_OF_DESCRIPTOR);
        method(RuntimeNames.FRAME, RuntimeNames.SUSPEND_AT, RuntimeNames.SUSPEND_AT_DESCRIPTOR);
    }

    /** Each frame is named by how many references and primitives its fields hold, those it inherits included. */
    @ParameterizedTest
    @ValueSource(strings = {"R1L1", "R3L1", "R3L2", "R5L2", "R5L3", "R7L3"})
    void frameShapes(String shape) {
        String name = RuntimeNames.FRAME + shape;
        constructor(name, RuntimeNames.FRAME_CONSTRUCTOR);
        int references = shape.charAt(1) - '0';
        int primitives = shape.charAt(3) - '0';
        staticMethod(name, RuntimeNames.SUSPEND, RuntimeNames.suspendDescriptor(references, primitives));
        assertEquals(fields("a", references), fieldsOf(name, Object.class));
        assertEquals(fields("l", primitives), fieldsOf(name, long.class));
    }

    @Test
    void smallestFrame() {
        constructor(RuntimeNames.FRAME, RuntimeNames.FRAME_CONSTRUCTOR);
        staticMethod(RuntimeNames.FRAME, RuntimeNames.SUSPEND, RuntimeNames.suspendDescriptor(1, 0));
        assertEquals(fields("a", 1), fieldsOf(RuntimeNames.FRAME, Object.class));
        assertEquals(
                "dev/heddle/woven/FrameR7L3",
                Type.getInternalName(type(RuntimeNames.LARGE_FRAME).getSuperclass()));
    }

    @Test
    void entries() {
        assertEquals(RuntimeNames.ENTRY_DESCRIPTOR, Type.getDescriptor(type(RuntimeNames.ENTRY)));
        assertTrue(Modifier.isAbstract(method(RuntimeNames.ENTRY, RuntimeNames.RESUME, RuntimeNames.RESUME_DESCRIPTOR)
                .getModifiers()));
        staticMethod(RuntimeNames.ENTRIES, RuntimeNames.MADE, RuntimeNames.MADE_DESCRIPTOR);
        staticMethod(RuntimeNames.ENTRIES, RuntimeNames.FACTS, RuntimeNames.FACTS_DESCRIPTOR);
        assertTrue(Entries.isEntry(new StackTraceElement("Any", RuntimeNames.PREFIX + "resume$0", null, -1)));
    }

    private static List<String> fields(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static List<String> fieldsOf(String name, Class<?> fieldType) {
        return List.of(type(name).getFields()).stream()
                .filter(field -> field.getType() == fieldType && !Modifier.isStatic(field.getModifiers()))
                .map(Field::getName)
                .sorted()
                .toList();
    }
}
