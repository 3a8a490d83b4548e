// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.function.Supplier;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/**
 * Parses class files. ASM parses those of the versions that it knows. Newer ones are parsed through the class-file API
 * of the JDK, if the JDK has one and knows their version.
 */
public final class ClassParser {

    /** The class file version of a Java version is larger by this number (JVMS 4.1). */
    private static final int FIRST_VERSION = 44;

    /** The first JDK with the class-file API (JEP 484). */
    private static final int FIRST_JDK_WITH_API = 24;

    private static final int RUNNING_JDK = Runtime.version().feature();

    private ClassParser() {}

    /**
     * The tree of a class file.
     *
     * @param options those of {@link ClassReader#accept(ClassVisitor, int)}
     * @throws UnsupportedClassFile if the class file is too new
     * @throws RuntimeException if the class file breaks the rules of JVMS 4
     */
    public static ClassNode parse(byte[] classFile, int options) {
        if (isNewerThanAsm(classFile)) {
            return supported(classFile, () -> JdkParser.parse(classFile, options));
        }
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, options);
        return node;
    }

    /** Shows a class file to {@code visitor}. Otherwise as {@link #parse}. */
    static void accept(byte[] classFile, ClassVisitor visitor, int options) {
        if (isNewerThanAsm(classFile)) {
            parse(classFile, options).accept(visitor);
        } else {
            new ClassReader(classFile).accept(visitor, options);
        }
    }

    /**
     * The internal name of the class in a class file.
     *
     * @throws UnsupportedClassFile if the class file is too new
     * @throws RuntimeException if the class file breaks the rules of JVMS 4
     */
    public static String className(byte[] classFile) {
        return isNewerThanAsm(classFile)
                ? supported(classFile, () -> ClassFileLayout.className(classFile))
                : ClassFileLayout.className(classFile);
    }

    private static boolean isNewerThanAsm(byte[] classFile) {
        return ClassFileFilter.isClassFile(classFile) && ClassFileFilter.majorVersion(classFile) > newestOfAsm();
    }

    /** The newest class file version that ASM parses (JVMS 4.1). */
    private static int newestOfAsm() {
        return Opcodes.V27;
    }

    /** Parses a class file that is newer than ASM. */
    private static <T> T supported(byte[] classFile, Supplier<T> parse) {
        int version = ClassFileFilter.majorVersion(classFile);
        int java = version - FIRST_VERSION;
        String subject = "is of Java " + java + " (class-file version " + version + ")";
        String newestOfAsm = newest(newestOfAsm() - FIRST_VERSION);
        if (java > RUNNING_JDK) {
            throw new UnsupportedClassFile(subject + ", newer than this JDK " + RUNNING_JDK + "; use JDK " + java
                    + " or newer, or compile it with "
                    + (RUNNING_JDK < FIRST_JDK_WITH_API ? newestOfAsm : newest(RUNNING_JDK)));
        }
        if (RUNNING_JDK < FIRST_JDK_WITH_API) {
            throw new UnsupportedClassFile(subject + ", which this agent parses on JDK " + FIRST_JDK_WITH_API
                    + " and newer only; use such a JDK or a newer heddle-agent.jar, or compile it with "
                    + newestOfAsm);
        }
        try {
            return parse.get();
        } catch (RuntimeException unknown) {
            String part = unknown.getMessage() == null ? unknown.toString() : unknown.getMessage();
            throw new UnsupportedClassFile(
                    subject + " and has a part that this agent does not know (" + part
                            + "); use a newer heddle-agent.jar, or compile it with " + newestOfAsm,
                    unknown);
        }
    }

    /** The option of javac for class files that the running JDK reads, at most of Java {@code java}. */
    private static String newest(int java) {
        return "--release " + Math.min(java, RUNNING_JDK) + " or older";
    }
}
