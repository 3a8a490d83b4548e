package dev.heddle.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClassFileFilterTest {

    /** Writes one constant, its tag included. */
    private interface Constant {
        void write(DataOutputStream out) throws IOException;
    }

    private static Constant utf8(String text) {
        return out -> {
            out.writeByte(1);
            out.writeUTF(text);
        };
    }

    private static Constant of(int tag, int bytes) {
        return out -> {
            out.writeByte(tag);
            out.write(new byte[bytes]);
        };
    }

    /** The start of a class file whose constant pool has {@code entries} entries, more than {@code constants} if some are wide. */
    private static byte[] classFile(int entries, Constant... constants) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(0xCAFEBABE);
            out.writeShort(0);
            out.writeShort(61);
            out.writeShort(entries + 1);
            for (Constant constant : constants) {
                constant.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static boolean accepts(int entries, Constant... constants) {
        return ClassFileFilter.namesHeddle(classFile(entries, constants));
    }

    @Test
    void knowsAClassFileByItsStart() {
        assertTrue(ClassFileFilter.isClassFile(classFile(0)));
        assertTrue(ClassFileFilter.isClassFile(Arrays.copyOf(classFile(0), 4)));
        assertFalse(ClassFileFilter.isClassFile(Arrays.copyOf(classFile(0), 3)));
        assertFalse(ClassFileFilter.isClassFile(new byte[100]));
    }

    @Test
    void rejectsClassThatNeverNamesHeddle() {
        assertFalse(accepts(3, utf8("java/lang/Object"), of(7, 2), utf8("Ldev/heddle/Asynchronous;")));
    }

    @Test
    void rejectsEmptyPool() {
        assertFalse(accepts(0));
    }

    @Test
    void acceptsAnnotation() {
        assertTrue(accepts(1, utf8("Ldev/heddle/Async;")));
    }

    @Test
    void acceptsAsyncioWithAwaitInAnyOrder() {
        assertTrue(accepts(2, utf8("dev/heddle/Asyncio"), utf8("await")));
        assertTrue(accepts(3, utf8("await"), utf8("x"), utf8("dev/heddle/Asyncio")));
    }

    @Test
    void rejectsAsyncioOrAwaitAlone() {
        assertFalse(accepts(2, utf8("dev/heddle/Asyncio"), utf8("run")));
        assertFalse(accepts(2, utf8("java/util/concurrent/CountDownLatch"), utf8("await")));
    }

    @Test
    void rejectsLongerAndShorterNames() {
        assertFalse(accepts(3, utf8("dev/heddle/AsyncioX"), utf8("awaits"), utf8("Ldev/heddle/Async")));
    }

    @Test
    void longAndDoubleTakeTwoEntries() {
        assertTrue(accepts(6, of(5, 8), of(6, 8), utf8("x"), utf8("Ldev/heddle/Async;")));
        assertFalse(accepts(5, of(6, 8), of(5, 8), utf8("x")));
    }

    /** Each kind of JVMS 4.4, so that the walk over the pool ends where it should. */
    @Test
    void stepsOverEveryKindOfConstant() {
        Constant[] constants = {
            of(3, 4),
            of(4, 4),
            of(7, 2),
            of(8, 2),
            of(9, 4),
            of(10, 4),
            of(11, 4),
            of(12, 4),
            of(15, 3),
            of(16, 2),
            of(17, 4),
            of(18, 4),
            of(19, 2),
            of(20, 2),
            utf8("Ldev/heddle/Async;")
        };
        assertTrue(accepts(constants.length, constants));
        constants[constants.length - 1] = utf8("none");
        assertFalse(accepts(constants.length, constants));
    }

    @Test
    void leavesUnknownKindToParser() {
        assertTrue(accepts(2, utf8("x"), of(99, 7)));
    }

    @Test
    void readsMajorVersion() {
        assertEquals(61, ClassFileFilter.majorVersion(classFile(0)));
        assertEquals(0x1234, ClassFileFilter.majorVersion(new byte[] {0, 0, 0, 0, 0, 0, 0x12, 0x34}));
    }
}
