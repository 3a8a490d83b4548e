// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Decides from the constant pool alone (JVMS 4.4) whether a class file can concern the weaver. It reads class files of
 * any version, and allocates nothing for those that do not.
 */
public final class ClassFileFilter {

    private static final byte[] ASYNC = ascii(RuntimeNames.ASYNC_DESCRIPTOR);
    private static final byte[] ASYNCIO = ascii(RuntimeNames.ASYNCIO);
    private static final byte[] AWAIT = ascii(RuntimeNames.AWAIT);
    private static final byte[] CONVENTION = ascii(RuntimeNames.CONVENTION);
    private static final byte[] ASYNC_SUPPLIER = ascii(RuntimeNames.ASYNC_SUPPLIER + ";");
    private static final byte[] ASYNC_FUNCTION = ascii(RuntimeNames.ASYNC_FUNCTION + ";");

    private static final byte[] RETURNS_COROUTINE = ascii(")L" + RuntimeNames.COROUTINE + ";");
    private static final byte[] RETURNS_AWAITABLE = ascii(")L" + RuntimeNames.AWAITABLE + ";");

    private static final int NAMES_ASYNC = 1;
    private static final int NAMES_ASYNCIO = 2;
    private static final int NAMES_AWAIT = 4;
    private static final int NAMES_CALL = NAMES_ASYNCIO | NAMES_AWAIT;
    private static final int NAMES_CONVENTION = 8;

    private static final int NAMES_COLD = 16;

    private static final int CONSTANT_POOL_COUNT = 8;
    private static final int CONSTANT_POOL = 10;

    private ClassFileFilter() {}

    /** Whether {@code classFile} begins as a class file does (JVMS 4.1), whatever follows. */
    public static boolean isClassFile(byte[] classFile) {
        return classFile.length >= 4 && unsignedShort(classFile, 0) == 0xCAFE && unsignedShort(classFile, 2) == 0xBABE;
    }

    /** The major version of a class file (JVMS 4.1). */
    public static int majorVersion(byte[] classFile) {
        return unsignedShort(classFile, 6);
    }

    /**
     * Whether the class names {@code @Async}, calls a method that may be {@code await}, or may have a lambda of a type
     * that makes it a coroutine.
     *
     * @return true also if the constant pool has a constant of an unknown kind or is cut off: only a parser can decide
     *     then
     */
    public static boolean namesHeddle(byte[] classFile) {
        int names = names(classFile);
        return (names & NAMES_ASYNC) != 0 || (names & NAMES_CALL) == NAMES_CALL;
    }

    /**
     * Whether the class refers to a method that returns a coroutine or another awaitable. The constants of its own methods do not count: only references have a
     * NameAndType (JVMS 4.4.6).
     */
    public static boolean refersToAwaitables(byte[] classFile) {
        return (names(classFile) & NAMES_COLD) != 0 && refersToAny(classFile, coldDescriptors(classFile));
    }

    /** The indexes of the descriptors of methods that return awaitables. */
    private static BitSet coldDescriptors(byte[] classFile) {
        BitSet descriptors = new BitSet();
        int offset = CONSTANT_POOL;
        for (int index = 1; index < unsignedShort(classFile, CONSTANT_POOL_COUNT); index++) {
            int tag = classFile[offset];
            descriptors.set(index, tag == 1 && returnsCold(classFile, offset));
            offset += lengthOf(classFile, offset, tag);
            index += tag == 5 || tag == 6 ? 1 : 0;
        }
        return descriptors;
    }

    private static boolean refersToAny(byte[] classFile, BitSet descriptors) {
        int offset = CONSTANT_POOL;
        for (int index = 1; index < unsignedShort(classFile, CONSTANT_POOL_COUNT); index++) {
            int tag = classFile[offset];
            if (tag == 12 && descriptors.get(unsignedShort(classFile, offset + 3))) {
                return true;
            }
            offset += lengthOf(classFile, offset, tag);
            index += tag == 5 || tag == 6 ? 1 : 0;
        }
        return false;
    }

    /** Whether the class has been woven, for any version of the calling convention. */
    public static boolean isWoven(byte[] classFile) {
        return (names(classFile) & NAMES_CONVENTION) != 0;
    }

    /**
     * The relevant names in the constant pool, one bit each. The bit of {@code @Async} is also set if only a parser can
     * decide.
     */
    private static int names(byte[] classFile) {
        int names = 0;
        int count = unsignedShort(classFile, CONSTANT_POOL_COUNT);
        int offset = CONSTANT_POOL;
        for (int index = 1; index < count; index++) {
            if (offset + 2 >= classFile.length) {
                return names | NAMES_ASYNC; // cut off
            }
            int tag = classFile[offset];
            if (tag == 1) {
                names |= isUtf8(classFile, offset, ASYNC) || makesAsyncLambdas(classFile, offset) ? NAMES_ASYNC : 0;
                names |= isUtf8(classFile, offset, ASYNCIO) ? NAMES_ASYNCIO : 0;
                names |= isUtf8(classFile, offset, AWAIT) ? NAMES_AWAIT : 0;
                names |= isUtf8(classFile, offset, CONVENTION) ? NAMES_CONVENTION : 0;
                names |= returnsCold(classFile, offset) ? NAMES_COLD : 0;
            } else if (tag == 5 || tag == 6) {
                index++; // long and double take two entries (JVMS 4.4.5)
            }
            int length = lengthOf(classFile, offset, tag);
            if (length == 0) {
                return names | NAMES_ASYNC;
            }
            offset += length;
        }
        return names;
    }

    /** The length of a constant in bytes, including its tag; 0 for an unknown tag. */
    static int lengthOf(byte[] classFile, int offset, int tag) {
        return switch (tag) {
            case 1 -> 3 + unsignedShort(classFile, offset + 1); // Utf8
            case 7, 8, 16, 19, 20 -> 3; // Class, String, MethodType, Module, Package
            case 15 -> 4; // MethodHandle
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 5; // Integer, Float, the refs, NameAndType, Dynamic, InvokeDynamic
            case 5, 6 -> 9; // Long, Double
            default -> 0;
        };
    }

    /** Whether the descriptor of a call site ends with a type whose lambdas are coroutines. */
    private static boolean makesAsyncLambdas(byte[] classFile, int offset) {
        return endsWith(classFile, offset, ASYNC_SUPPLIER) || endsWith(classFile, offset, ASYNC_FUNCTION);
    }

    private static boolean returnsCold(byte[] classFile, int offset) {
        return endsWith(classFile, offset, RETURNS_COROUTINE) || endsWith(classFile, offset, RETURNS_AWAITABLE);
    }

    private static boolean endsWith(byte[] classFile, int offset, byte[] end) {
        int start = offset + 3 + unsignedShort(classFile, offset + 1) - end.length;
        return start >= offset + 3 && isAt(classFile, start, end);
    }

    private static boolean isUtf8(byte[] classFile, int offset, byte[] text) {
        return unsignedShort(classFile, offset + 1) == text.length && isAt(classFile, offset + 3, text);
    }

    private static boolean isAt(byte[] classFile, int start, byte[] text) {
        if (start + text.length > classFile.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (classFile[start + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static int unsignedShort(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 8 | (bytes[offset + 1] & 0xFF);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
