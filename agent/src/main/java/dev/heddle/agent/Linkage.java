package dev.heddle.agent;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicVerifier;

/**
 * Whether the JVM links a class file. Weaving writes a class file anew, and so hides some mistakes, such as bytes after its end
 * or too small a stack.
 */
final class Linkage {

    private Linkage() {}

    /** Lets the JVM parse class files (JVMS 5.3.5). No class is linked, and so no code of it runs. */
    private static final class Parser extends ClassLoader {

        Parser() {
            super(null);
        }

        void parse(byte[] classFile) {
            defineClass(null, classFile, 0, classFile.length);
        }
    }

    /** What is wrong with {@code classFile}, or null. What depends on the classes that it names is not looked at. */
    static @Nullable String problem(byte[] classFile) {
        try {
            new Parser().parse(classFile);
        } catch (NoClassDefFoundError | UnsupportedClassVersionError | SecurityException other) {
            // A super class that is not here, a newer JVM or a package of the JDK: the class file was parsed, or is not
            // for this JVM.
        } catch (LinkageError failure) {
            return failure.toString();
        }
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, ClassReader.SKIP_DEBUG);
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
