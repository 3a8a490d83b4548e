package dev.heddle.weaver;

import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;

/** Reads the lengths of the methods of a class file from their code attributes (JVMS 4.7.3). */
final class CodeLengths {

    private final ClassReader reader;
    private final char[] buffer;
    private final Map<String, Integer> lengths = new LinkedHashMap<>();

    /** The index of the next byte to read. */
    private int offset;

    private CodeLengths(byte[] classFile) {
        reader = new ClassReader(classFile);
        buffer = new char[reader.getMaxStringLength()];
        offset = reader.header;
    }

    /** The number of bytes of the code of each method that has code, by its name and descriptor. */
    static Map<String, Integer> of(byte[] classFile) {
        CodeLengths reading = new CodeLengths(classFile);
        reading.readClass();
        return reading.lengths;
    }

    /** Reads a class file (JVMS 4.1) from the access flags to the methods. */
    private void readClass() {
        offset += 6; // access flags, this class, super class
        int interfaces = readUnsignedShort();
        offset += 2 * interfaces;
        readMembers();
        readMembers();
    }

    /** Reads fields (JVMS 4.5) or methods (JVMS 4.6), which have the same form. */
    private void readMembers() {
        int members = readUnsignedShort();
        for (int i = 0; i < members; i++) {
            offset += 2; // access flags
            String key = readUtf8() + readUtf8();
            int attributes = readUnsignedShort();
            for (int j = 0; j < attributes; j++) {
                readAttribute(key);
            }
        }
    }

    private void readAttribute(String member) {
        String name = readUtf8();
        int length = reader.readInt(offset);
        offset += 4;
        if (name.equals("Code")) {
            lengths.put(member, reader.readInt(offset + 4)); // after max_stack and max_locals
        }
        offset += length;
    }

    private int readUnsignedShort() {
        int value = reader.readUnsignedShort(offset);
        offset += 2;
        return value;
    }

    private String readUtf8() {
        String text = reader.readUTF8(offset, buffer);
        offset += 2;
        return text;
    }
}
