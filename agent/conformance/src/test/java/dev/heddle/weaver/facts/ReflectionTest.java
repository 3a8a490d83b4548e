package dev.heddle.weaver.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.WovenShapes;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.MethodNode;

/** A woven class describes itself as the compiled one does: its attributes, and what reflection makes of them. */
class ReflectionTest {

    @TestFactory
    Stream<DynamicTest> classAttributes() {
        return classes((compiled, woven) -> assertEquals(attributes(compiled), attributes(woven)));
    }

    @TestFactory
    Stream<DynamicTest> methodAttributes() {
        return classes((compiled, woven) -> {
            for (MethodNode method : compiled.methods) {
                MethodNode factory = method(woven, method.name + method.desc);
                assertEquals(attributes(method), attributes(factory), method.name + method.desc);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> reflection() {
        ClassLoader plain = loader(classFile -> classFile);
        ClassLoader woven = loader(TargetLoader::weave);
        return classes((compiled, ignored) -> {
            String name = Type.getObjectType(compiled.name).getClassName();
            assertEquals(facts(Class.forName(name, false, plain)), facts(Class.forName(name, false, woven)));
        });
    }

    private interface Check {
        void check(ClassNode compiled, ClassNode woven) throws ClassNotFoundException;
    }

    private static Stream<DynamicTest> classes(Check check) {
        return WovenShapes.all()
                .map(woven -> DynamicTest.dynamicTest(
                        woven.name, () -> check.check(WovenShapes.compiled(woven.name), woven)));
    }

    private static ClassLoader loader(UnaryOperator<byte[]> change) {
        return new TargetLoader(Shapes.PACKAGE, Map.of(), change);
    }

    private static MethodNode method(ClassNode node, String nameAndDescriptor) {
        return node.methods.stream()
                .filter(method -> (method.name + method.desc).equals(nameAndDescriptor))
                .findFirst()
                .orElseThrow();
    }

    private static List<Object> attributes(ClassNode node) {
        List<Object> attributes = new ArrayList<>();
        attributes.add(Arrays.asList(node.access, node.superName, node.interfaces, node.signature, node.sourceFile));
        attributes.add(Arrays.asList(node.outerClass, node.outerMethod, node.outerMethodDesc));
        attributes.add(Arrays.asList(node.nestHostClass, node.nestMembers, node.permittedSubclasses));
        attributes.add(node.innerClasses.stream().map(ReflectionTest::text).toList());
        attributes.add(annotations(node.visibleAnnotations));
        attributes.add(annotations(node.invisibleAnnotations));
        if (node.recordComponents != null) {
            node.recordComponents.forEach(
                    each -> attributes.add(Arrays.asList(each.name, each.descriptor, each.signature)));
        }
        return attributes;
    }

    private static String text(InnerClassNode inner) {
        return inner.name + " " + inner.outerName + " " + inner.innerName + " " + inner.access;
    }

    private static List<Object> attributes(MethodNode method) {
        return Arrays.asList(
                method.access,
                method.signature,
                method.exceptions,
                annotations(method.visibleAnnotations),
                annotations(method.invisibleAnnotations),
                annotations(method.visibleTypeAnnotations),
                annotations(method.invisibleTypeAnnotations),
                method.annotationDefault);
    }

    private static List<String> annotations(List<? extends AnnotationNode> annotations) {
        return annotations == null
                ? List.of()
                : annotations.stream()
                        .map(annotation -> annotation.desc + annotation.values)
                        .toList();
    }

    /** All that reflection says of {@code type}, as text. */
    private static List<Object> facts(Class<?> type) {
        assertNotNull(type.getNestHost());
        List<Object> facts = new ArrayList<>(List.of(
                type.toGenericString(),
                type.getSimpleName(),
                Objects.toString(type.getCanonicalName()),
                type.getNestHost().getName(),
                names(type.getNestMembers()),
                Objects.toString(type.getEnclosingMethod()),
                Objects.toString(type.getEnclosingConstructor()),
                Objects.toString(type.getEnclosingClass()),
                Objects.toString(type.getDeclaringClass()),
                names(type.getDeclaredClasses()),
                List.of(type.isAnonymousClass(), type.isLocalClass(), type.isMemberClass()),
                List.of(type.isRecord(), type.isEnum(), type.isSealed(), type.isInterface())));
        if (type.isSealed()) {
            facts.add(names(type.getPermittedSubclasses()));
        }
        if (type.isRecord()) {
            facts.add(texts(type.getRecordComponents()));
        }
        facts.add(members(type.getDeclaredFields()));
        facts.add(members(type.getDeclaredMethods()));
        facts.add(members(type.getDeclaredConstructors()));
        return facts;
    }

    private static List<String> names(Class<?>[] types) {
        return Stream.of(types).map(Class::getName).sorted().toList();
    }

    private static List<String> texts(Object[] objects) {
        return Stream.of(objects).map(Object::toString).toList();
    }

    /** The members that the program has: a synthetic one may be a body. */
    private static <M extends Member & AnnotatedElement> List<String> members(M[] members) {
        return Stream.of(members)
                .filter(member -> !member.isSynthetic())
                .map(member -> text(member) + List.of(member.getAnnotations()))
                .sorted()
                .toList();
    }

    private static String text(Member member) {
        return member instanceof Executable method
                ? method.toGenericString() + List.of(method.getParameters())
                : member.toString();
    }
}
