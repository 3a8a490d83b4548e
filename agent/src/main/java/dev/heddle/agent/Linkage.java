// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import dev.heddle.weaver.ClassParser;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicVerifier;

/**
 * Checks whether the JVM can link a class file. Weaving writes a class file anew, which would hide some mistakes in it,
 * such as bytes after its end or a maximum stack that is too small.
 */
final class Linkage {

    private Linkage() {}

    /** Lets the JVM parse class files (JVMS 5.3.5). No class is linked, so none of its code runs. */
    private static final class Parser extends ClassLoader {

        Parser() {
            super(null);
        }

        void parse(byte[] classFile) {
            defineClass(null, classFile, 0, classFile.length);
        }
    }

    /** Whether {@code loader} defines a class only to check it, which has to stay as it is. */
    static boolean isParsing(ClassLoader loader) {
        return loader instanceof Parser;
    }

    /** The problem of {@code classFile}, or null. Problems that depend on the classes that it names are not found. */
    static @Nullable String problem(byte[] classFile) {
        String format = problemOfFormat(classFile);
        return format == null ? problemOfCode(classFile) : format;
    }

    /** The problem that the JVM has when it parses {@code classFile}, or null. */
    static @Nullable String problemOfFormat(byte[] classFile) {
        try {
            new Parser().parse(classFile);
        } catch (NoClassDefFoundError | UnsupportedClassVersionError | SecurityException other) {
            // The superclass is missing, or the class is in a package of the JDK: the class file was parsed.
            // Or it is for a newer JVM.
        } catch (LinkageError failure) {
            return failure.toString();
        }
        return null;
    }

    private static @Nullable String problemOfCode(byte[] classFile) {
        ClassNode node = ClassParser.parse(classFile, ClassReader.SKIP_DEBUG);
        for (MethodNode method : node.methods) {
            try {
                new Analyzer<>(new BasicVerifier()).analyze(node.name, method);
            } catch (AnalyzerException failure) {
                return "java.lang.VerifyError: " + method.name + method.desc + ": " + failure.getMessage();
            }
        }
        return null;
    }
}
