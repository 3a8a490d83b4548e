package dev.heddle.weaver;

import java.nio.charset.StandardCharsets;

/**
 * Tells from its constant pool alone (JVMS 4.4) whether a class file can concern the weaver. It reads class files of any
 * version, and no object is made for those that do not.
 */
public final class ClassFileFilter {

    private static final byte[] ASYNC = ascii(RuntimeNames.ASYNC_DESCRIPTOR);
    private static final byte[] ASYNCIO = ascii(RuntimeNames.ASYNCIO);
    private static final byte[] AWAIT = ascii(RuntimeNames.AWAIT);

    private static final int CONSTANT_POOL_COUNT = 8;
    private static final int CONSTANT_POOL = 10;

    private ClassFileFilter() {}

    /** The major version of a class file (JVMS 4.1). */
    public static int majorVersion(byte[] classFile) {
        return unsignedShort(classFile, 6);
    }

    /**
     * Whether the class names {@code @Async}, or calls something that may be {@code await}.
     *
     * @return true also for a constant pool of a kind that is not known, which only a parser can judge
     */
    public static boolean namesHeddle(byte[] classFile) {
        boolean asyncio = false;
        boolean await = false;
        int count = unsignedShort(classFile, CONSTANT_POOL_COUNT);
        int offset = CONSTANT_POOL;
        for (int index = 1; index < count; index++) {
            int tag = classFile[offset];
            if (tag == 1) {
                if (isUtf8(classFile, offset, ASYNC)) {
                    return true;
                }
                asyncio |= isUtf8(classFile, offset, ASYNCIO);
                await |= isUtf8(classFile, offset, AWAIT);
                if (asyncio && await) {
                    return true;
                }
            } else if (tag == 5 || tag == 6) {
                index++; // long and double take two entries (JVMS 4.4.5)
            }
            int length = lengthOf(classFile, offset, tag);
            if (length == 0) {
                return true;
            }
            offset += length;
        }
        return false;
    }

    /** How many bytes a constant takes, its tag included; 0 for a tag that is not known. */
    private static int lengthOf(byte[] classFile, int offset, int tag) {
        return switch (tag) {
            case 1 -> 3 + unsignedShort(classFile, offset + 1); // Utf8
            case 7, 8, 16, 19, 20 -> 3; // Class, String, MethodType, Module, Package
            case 15 -> 4; // MethodHandle
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 5; // Integer, Float, the refs, NameAndType, Dynamic, InvokeDynamic
            case 5, 6 -> 9; // Long, Double
            default -> 0;
        };
    }

    private static boolean isUtf8(byte[] classFile, int offset, byte[] text) {
        if (unsignedShort(classFile, offset + 1) != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (classFile[offset + 3 + i] != text[i]) {
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
