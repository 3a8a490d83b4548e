package dev.heddle.agent;

import dev.heddle.weaver.CallingConvention;
import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenClassVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/** Weaves the class files of one directory or jar for a build, with a report on each. */
final class WeavePass {

    private static final byte[] MAGIC = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE}; // JVMS 4.1

    /** Where a class file is read from. */
    interface Source {
        InputStream open() throws IOException;
    }

    private final AgentLog log;
    private int classes;
    private int refused;
    private int malformed;
    private int nestedJars;
    private int links;

    WeavePass(AgentLog log) {
        this.log = log;
    }

    /** How many class files there were. */
    int classes() {
        return classes;
    }

    /** How many of them cannot be woven, whole or in part. */
    int refused() {
        return refused;
    }

    /** How many of them are no class files. */
    int malformed() {
        return malformed;
    }

    /** How many jars there were beside the class files. */
    int nestedJars() {
        return nestedJars;
    }

    void countNestedJar() {
        nestedJars++;
    }

    /** Reports that nothing in a container may change, though {@code classes} of its classes would. */
    void refuse(String message, int classes) {
        log.error(message);
        refused += classes;
    }

    /** Counts a symbolic link that leads out of what is woven. */
    void countLink() {
        links++;
    }

    /** How many symbolic links there were that lead out of what is woven. */
    int links() {
        return links;
    }

    /**
     * The woven class file, or null to leave the class as it is: also one with a misuse, so that the next run reports it
     * again.
     *
     * @param place where the class file is, for messages
     * @throws IOException if it cannot be read, or if there is an {@link Error} such as one of memory
     */
    byte @Nullable [] weave(String place, Source source) throws IOException {
        classes++;
        try (InputStream in = source.open()) {
            byte[] start = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(start, MAGIC)) {
                malformed(place); // and may be too large to be read
                return null;
            }
            ByteArrayOutputStream classFile = new ByteArrayOutputStream();
            classFile.write(start);
            in.transferTo(classFile);
            return weave(place, classFile.toByteArray());
        } catch (Error failure) {
            throw new IOException(place + ": " + failure, failure);
        }
    }

    private byte @Nullable [] weave(String place, byte[] classFile) {
        try {
            if (ClassFileFilter.isWoven(classFile)) {
                checkConvention(place, classFile);
                return null;
            }
            if (!ClassFileFilter.namesHeddle(classFile)) {
                return null;
            }
            int version = ClassFileFilter.majorVersion(classFile);
            if (version > Weaver.NEWEST_CLASS_FILE_VERSION) {
                refuse(ClassWeaving.tooNew(place, version), 1);
                return null;
            }
            String name = new ClassReader(classFile).getClassName();
            return RuntimeClasses.contain(name) ? null : woven(place, name.replace('/', '.'), classFile);
        } catch (RuntimeException truncated) {
            malformed(place);
            return null;
        }
    }

    private void checkConvention(String place, byte[] classFile) {
        int version = CallingConvention.versionOfWoven(classFile);
        if (version != CallingConvention.NONE && version != RuntimeNames.CONVENTION_VERSION) {
            refuse(
                    place + " was woven for calling convention " + version + ", and this agent weaves for "
                            + RuntimeNames.CONVENTION_VERSION + "; compile it again, so that it can be woven again",
                    1);
        }
    }

    private byte @Nullable [] woven(String place, String name, byte[] classFile) {
        WeaveResult result;
        try {
            result = Weaver.weave(classFile);
        } catch (RuntimeException failure) {
            fail(place, name, classFile, failure);
            return null;
        }
        result.refusals().forEach(refusal -> log.error(refusal.message()));
        if (!result.refusals().isEmpty()) {
            refused++;
            return null;
        }
        byte[] woven = result.classFile();
        if (woven != null && !isValid(place, name, classFile, woven)) {
            return null;
        }
        result.warnings().forEach(log::warn);
        return woven;
    }

    /** Whether the class links both as it was compiled and woven. If it does not, that is reported. */
    private boolean isValid(String place, String name, byte[] classFile, byte[] woven) {
        if (!links(place, classFile)) {
            return false;
        }
        try {
            WovenClassVerifier.verify(name, woven);
            return true;
        } catch (RuntimeException failure) {
            fail(place, name, classFile, failure);
            return false;
        }
    }

    /** Whether the class links as it was compiled. If it does not, that is reported. */
    private boolean links(String place, byte[] classFile) {
        String problem = Linkage.problem(classFile);
        if (problem == null) {
            return true;
        }
        log.error(place + " does not link as it was compiled, which weaving would hide; compile it again: " + problem);
        malformed++;
        return false;
    }

    private void fail(String place, String name, byte[] classFile, RuntimeException failure) {
        if (isMalformed(classFile)) {
            malformed(place);
        } else if (links(place, classFile)) {
            refuse("cannot weave " + name + ": " + failure, 1);
        }
    }

    /** Whether not even what is woven last, the messages of a class that could not be woven, can be put into it. */
    private static boolean isMalformed(byte[] classFile) {
        try {
            Weaver.refuse(classFile, "");
            return false;
        } catch (RuntimeException failure) {
            return true;
        }
    }

    private void malformed(String place) {
        log.error(place + " is not a well-formed class file (JVMS 4); compile it again");
        malformed++;
    }
}
