// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import dev.heddle.weaver.CallingConvention;
import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.ClassParser;
import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.UnsupportedClassFile;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenClassVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Weaves the class files of one directory or jar at build time, and reports on each. */
final class WeavePass {

    /** The length of the number with which every class file begins (JVMS 4.1). */
    private static final int MAGIC_LENGTH = 4;

    /** Reads a class file. */
    interface Source {
        InputStream open() throws IOException;
    }

    private final AgentLog log;
    private int classes;
    private int refused;
    private int dropped;
    private int malformed;
    private int nestedJars;
    private int links;

    WeavePass(AgentLog log) {
        this.log = log;
    }

    /** The number of class files. */
    int classes() {
        return classes;
    }

    /** The number of class files that cannot be woven completely. */
    int refused() {
        return refused;
    }

    /** The number of calls whose result, an awaitable, is dropped. */
    int dropped() {
        return dropped;
    }

    /** The number of files that are named like class files and are none. */
    int malformed() {
        return malformed;
    }

    /** The number of jars beside the class files. */
    int nestedJars() {
        return nestedJars;
    }

    void countNestedJar() {
        nestedJars++;
    }

    /** Reports that a container must not be changed, although weaving would change {@code classes} of its classes. */
    void refuse(String message, int classes) {
        log.error(message);
        refused += classes;
    }

    /** Counts a symbolic link that leads out of the directory. */
    void countLink() {
        links++;
    }

    /** The number of symbolic links that lead out of the directory. */
    int links() {
        return links;
    }

    /**
     * Returns the woven class file, or null to leave the class as it is. A class with a misuse is left as it is too, so
     * that the next run reports it again.
     *
     * @param place the place of the class file, for messages
     * @throws IOException if the class file cannot be read, or if there is an {@link Error} such as a lack of memory
     */
    byte @Nullable [] weave(String place, Source source) throws IOException {
        classes++;
        try (InputStream in = source.open()) {
            byte[] start = in.readNBytes(MAGIC_LENGTH);
            if (!ClassFileFilter.isClassFile(start)) {
                malformed(place); // it may be too large to read
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
            if (!ClassFileFilter.namesHeddle(classFile) && !ClassFileFilter.refersToAwaitables(classFile)) {
                return null;
            }
            String name = ClassParser.className(classFile);
            return woven(place, name.replace('/', '.'), classFile);
        } catch (UnsupportedClassFile tooNew) {
            refuse(place, classFile, tooNew);
            return null;
        } catch (RuntimeException truncated) {
            malformed(place);
            return null;
        }
    }

    /** Reports a class file that is too new, or is not well-formed besides. */
    private void refuse(String place, byte[] classFile, UnsupportedClassFile tooNew) {
        String problem = Linkage.problemOfFormat(classFile);
        if (problem != null) {
            doesNotLink(place, problem);
        } else if (ClassFileFilter.namesHeddle(classFile)) {
            refuse(place + " " + tooNew.getMessage(), 1);
        } else {
            log.warn(place + " " + tooNew.getMessage()); // there is nothing to weave, only something to check
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
        } catch (UnsupportedClassFile tooNew) {
            throw tooNew;
        } catch (RuntimeException failure) {
            fail(place, name, classFile, failure);
            return null;
        }
        result.refusals().forEach(refusal -> log.error(refusal.message()));
        result.dropped().forEach(each -> log.warn(each.message()));
        dropped += result.dropped().size();
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

    /** Whether the class links both as compiled and as woven. Reports if it does not. */
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

    /** Whether the class links as compiled. Reports if it does not. */
    private boolean links(String place, byte[] classFile) {
        String problem = Linkage.problem(classFile);
        if (problem == null) {
            return true;
        }
        doesNotLink(place, problem);
        return false;
    }

    private void doesNotLink(String place, String problem) {
        log.error(place + " does not link as it was compiled, which weaving would hide; compile it again: " + problem);
        malformed++;
    }

    private void fail(String place, String name, byte[] classFile, RuntimeException failure) {
        if (isMalformed(classFile)) {
            malformed(place);
        } else if (links(place, classFile)) {
            refuse("cannot weave " + name + ": " + failure, 1);
        }
    }

    /** Whether the class file cannot even be rewritten so that its awaits throw a message. */
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
