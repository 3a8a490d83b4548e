// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a class file that a parser does not show: the lengths of the methods and the attributes (JVMS 4.7). It
 * reads class files of any version.
 */
final class ClassFileLayout {

    private static final int CONSTANT_POOL_COUNT = 8;

    private static final Set<String> TYPE_ANNOTATIONS =
            Set.of("RuntimeVisibleTypeAnnotations", "RuntimeInvisibleTypeAnnotations");

    private final byte[] classFile;

    /** The offsets of the constants by index (JVMS 4.4). */
    private final int[] constants;

    /** The texts that have been read, by index. */
    private final @Nullable String[] texts;

    private final String className;
    private final Map<String, Integer> codeLengths = new LinkedHashMap<>();
    private final Set<String> attributeNames = new TreeSet<>();
    private final List<CodeAttribute> codeAttributes = new ArrayList<>();

    /** The index of the next byte to read. */
    private int offset;

    /**
     * An attribute of the code of a method (JVMS 4.7.3).
     *
     * @param lengthOfCode the offset of the length of the Code attribute
     * @param count the offset of the number of its attributes
     * @param start the offset of the attribute
     * @param end the offset of its end
     */
    private record CodeAttribute(String name, int lengthOfCode, int count, int start, int end) {}

    private ClassFileLayout(byte[] classFile) {
        this.classFile = classFile;
        this.offset = CONSTANT_POOL_COUNT;
        this.constants = new int[readUnsignedShort()];
        this.texts = new String[constants.length];
        readConstants();
        offset += 2; // access flags
        this.className = utf8(unsignedShort(constants[readUnsignedShort()] + 1));
    }

    /** The internal name of the class. */
    static String className(byte[] classFile) {
        return new ClassFileLayout(classFile).className;
    }

    /** The number of bytes of the code of each method that has code, by its name and descriptor. */
    static Map<String, Integer> codeLengths(byte[] classFile) {
        return read(classFile).codeLengths;
    }

    /** The names of all attributes of the class, and of everything in it, in alphabetical order. */
    static Set<String> attributeNames(byte[] classFile) {
        return read(classFile).attributeNames;
    }

    /** The class file without the type annotations inside its methods (JVMS 4.7.20). */
    static byte[] withoutTypeAnnotationsInCode(byte[] classFile) {
        List<CodeAttribute> attributes = read(classFile).codeAttributes;
        attributes.removeIf(attribute -> !TYPE_ANNOTATIONS.contains(attribute.name));
        byte[] kept = classFile.clone();
        for (CodeAttribute attribute : attributes) {
            subtract(kept, attribute.count, Short.BYTES, 1);
            subtract(kept, attribute.lengthOfCode, Integer.BYTES, attribute.end - attribute.start);
        }
        int length = 0;
        int from = 0;
        for (CodeAttribute attribute : attributes) {
            System.arraycopy(kept, from, kept, length, attribute.start - from);
            length += attribute.start - from;
            from = attribute.end;
        }
        System.arraycopy(kept, from, kept, length, kept.length - from);
        return Arrays.copyOf(kept, length + kept.length - from);
    }

    /** Subtracts from the number at {@code offset}, which has {@code bytes} bytes. */
    private static void subtract(byte[] classFile, int offset, int bytes, int amount) {
        int difference = -amount;
        for (int i = offset + bytes - 1; i >= offset; i--) {
            difference += classFile[i] & 0xFF;
            classFile[i] = (byte) difference;
            difference >>= Byte.SIZE;
        }
    }

    private static ClassFileLayout read(byte[] classFile) {
        ClassFileLayout layout = new ClassFileLayout(classFile);
        layout.readClass();
        return layout;
    }

    private void readConstants() {
        for (int index = 1; index < constants.length; index++) {
            int tag = classFile[offset];
            int length = ClassFileFilter.lengthOf(classFile, offset, tag);
            if (length == 0) {
                throw new IllegalArgumentException("constant " + index + " has the unknown tag " + tag);
            }
            constants[index] = offset;
            offset += length;
            index += tag == 5 || tag == 6 ? 1 : 0; // long and double take two entries (JVMS 4.4.5)
        }
    }

    /** Reads a class file (JVMS 4.1) from the super class to the end. */
    private void readClass() {
        offset += 2; // super class
        int interfaces = readUnsignedShort();
        offset += 2 * interfaces;
        readMembers();
        readMembers();
        readAttributes(className);
    }

    /** Reads fields (JVMS 4.5) or methods (JVMS 4.6), which have the same form. */
    private void readMembers() {
        int members = readUnsignedShort();
        for (int i = 0; i < members; i++) {
            offset += 2; // access flags
            readAttributes(readUtf8() + readUtf8());
        }
    }

    private void readAttributes(String owner) {
        int attributes = readUnsignedShort();
        for (int i = 0; i < attributes; i++) {
            String name = readUtf8();
            int end = readInt();
            end += offset;
            attributeNames.add(name);
            if (name.equals("Code")) {
                readCode(owner, offset - 4);
            } else if (name.equals("Record")) {
                readRecord();
            }
            offset = end;
        }
    }

    /** Reads the code of a method (JVMS 4.7.3). */
    private void readCode(String method, int lengthOfCode) {
        offset += 4; // max_stack and max_locals
        int length = readInt();
        codeLengths.put(method, length);
        offset += length;
        int handlers = readUnsignedShort();
        offset += 8 * handlers;
        int count = offset;
        int attributes = readUnsignedShort();
        for (int i = 0; i < attributes; i++) {
            int start = offset;
            String name = readUtf8();
            int attributeLength = readInt();
            offset += attributeLength;
            attributeNames.add(name);
            codeAttributes.add(new CodeAttribute(name, lengthOfCode, count, start, offset));
        }
    }

    /** Reads the components of a record (JVMS 4.7.30). */
    private void readRecord() {
        int components = readUnsignedShort();
        for (int i = 0; i < components; i++) {
            readAttributes(readUtf8() + readUtf8());
        }
    }

    private int readUnsignedShort() {
        int value = unsignedShort(offset);
        offset += 2;
        return value;
    }

    private int readInt() {
        return readUnsignedShort() << 16 | readUnsignedShort();
    }

    private String readUtf8() {
        return utf8(readUnsignedShort());
    }

    private int unsignedShort(int position) {
        return (classFile[position] & 0xFF) << 8 | (classFile[position + 1] & 0xFF);
    }

    /** The constant {@code index}, a text. */
    private String utf8(int index) {
        @Nullable String text = texts[index];
        if (text == null) {
            int start = constants[index] + 3; // after tag and length
            text = decode(start, start + unsignedShort(start - 2));
            texts[index] = text;
        }
        return text;
    }

    /** Decodes modified UTF-8, in which a character has up to three bytes (JVMS 4.4.7). */
    private String decode(int start, int end) {
        StringBuilder text = new StringBuilder(end - start);
        for (int i = start; i < end; ) {
            int first = classFile[i++];
            if (first >= 0) {
                text.append((char) first);
            } else if ((first & 0xE0) == 0xC0) {
                text.append((char) ((first & 0x1F) << 6 | (classFile[i++] & 0x3F)));
            } else {
                text.append((char) ((first & 0xF) << 12 | (classFile[i++] & 0x3F) << 6 | (classFile[i++] & 0x3F)));
            }
        }
        return text.toString();
    }
}
