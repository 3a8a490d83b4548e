// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import codes.rafael.asmjdkbridge.JdkClassReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.RecordComponentNode;

/**
 * Parses class files through the class-file API of JDK 24 and later. It is loaded for class files that are newer than
 * ASM.
 *
 * <p>The bridge's reader makes the same tree as ASM's. Only type annotations inside methods are left out: the bridge
 * (0.0.13) fails at those of casts and of type arguments, and no running program can read any of them.
 *
 * <p>ASM writes the tree: its writer takes any version, and writes the same bytes as for a class file that ASM has
 * parsed. The bridge's writer is not used. It fails at a record with a component whose type is a type variable or a
 * generic array, because it takes the signature of the component for that of a class. It also reports a method over
 * 64 KB without the name of the method, which the weaver needs to make the method shorter.
 */
final class JdkParser {

    /** The attributes (JVMS 4.7) that are in ASM's tree, though not among the {@code attrs} of an element. */
    private static final Set<String> IN_TREE = Set.of(
            "AnnotationDefault",
            "BootstrapMethods",
            "Code",
            "ConstantValue",
            "Deprecated",
            "EnclosingMethod",
            "Exceptions",
            "InnerClasses",
            "LineNumberTable",
            "LocalVariableTable",
            "LocalVariableTypeTable",
            "MethodParameters",
            "Module",
            "ModuleMainClass",
            "ModulePackages",
            "NestHost",
            "NestMembers",
            "PermittedSubclasses",
            "Record",
            "RuntimeInvisibleAnnotations",
            "RuntimeInvisibleParameterAnnotations",
            "RuntimeInvisibleTypeAnnotations",
            "RuntimeVisibleAnnotations",
            "RuntimeVisibleParameterAnnotations",
            "RuntimeVisibleTypeAnnotations",
            "Signature",
            "SourceDebugExtension",
            "SourceFile",
            "StackMapTable",
            "Synthetic");

    private JdkParser() {}

    /**
     * The tree of a class file.
     *
     * @param options those of {@link org.objectweb.asm.ClassReader#accept(org.objectweb.asm.ClassVisitor, int)}
     * @throws RuntimeException if the class file breaks the rules of JVMS 4, or if the tree cannot hold a part of it
     */
    static ClassNode parse(byte[] classFile, int options) {
        ClassNode node = new ClassNode();
        new JdkClassReader(ClassFileLayout.withoutTypeAnnotationsInCode(classFile)).accept(node, options);
        checkAttributes(classFile, node);
        return node;
    }

    /** The bridge drops an attribute that the JDK knows and ASM does not, and the woven class would go without it. */
    private static void checkAttributes(byte[] classFile, ClassNode node) {
        Set<String> lost = new TreeSet<>(ClassFileLayout.attributeNames(classFile));
        lost.removeAll(IN_TREE);
        if (!lost.isEmpty()) {
            lost.removeAll(attributesOutsideTree(node));
        }
        if (!lost.isEmpty()) {
            throw new IllegalArgumentException("attribute " + String.join(", ", lost));
        }
    }

    private static Set<String> attributesOutsideTree(ClassNode node) {
        Set<String> names = new HashSet<>();
        addNames(node.attrs, names);
        for (FieldNode field : node.fields) {
            addNames(field.attrs, names);
        }
        for (MethodNode method : node.methods) {
            addNames(method.attrs, names);
        }
        if (node.recordComponents != null) {
            for (RecordComponentNode component : node.recordComponents) {
                addNames(component.attrs, names);
            }
        }
        return names;
    }

    private static void addNames(@Nullable List<Attribute> attributes, Set<String> names) {
        if (attributes != null) {
            attributes.forEach(attribute -> names.add(attribute.type));
        }
    }
}
