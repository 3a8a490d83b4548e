package dev.heddle.woven;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A constant pool under construction (JVMS 4.4), each constant in it once. */
final class ConstantPool {

    private static final int UTF8 = 1;
    private static final int CLASS = 7;
    private static final int FIELDREF = 9;
    private static final int METHODREF = 10;
    private static final int INTERFACE_METHODREF = 11;
    private static final int NAME_AND_TYPE = 12;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Map<String, Integer> indices = new HashMap<>();

    int utf8(String text) throws IOException {
        Integer known = indices.get(text);
        if (known != null) {
            return known;
        }
        out.writeByte(UTF8);
        out.writeUTF(text);
        return added(text);
    }

    int classInfo(String internalName) throws IOException {
        return reference(CLASS, utf8(internalName));
    }

    int fieldref(String owner, String name, String descriptor) throws IOException {
        return reference(FIELDREF, classInfo(owner), nameAndType(name, descriptor));
    }

    int methodref(String owner, String name, String descriptor, boolean isInterface) throws IOException {
        int tag = isInterface ? INTERFACE_METHODREF : METHODREF;
        return reference(tag, classInfo(owner), nameAndType(name, descriptor));
    }

    private int nameAndType(String name, String descriptor) throws IOException {
        return reference(NAME_AND_TYPE, utf8(name), utf8(descriptor));
    }

    private int reference(int tag, int... targets) throws IOException {
        StringBuilder key = new StringBuilder().append((char) 0).append(tag);
        for (int target : targets) {
            key.append(' ').append(target);
        }
        Integer known = indices.get(key.toString());
        if (known != null) {
            return known;
        }
        out.writeByte(tag);
        for (int target : targets) {
            out.writeShort(target);
        }
        return added(key.toString());
    }

    /** Index 0 is not used (JVMS 4.1), so the first constant has index 1. */
    private int added(String key) {
        int index = indices.size() + 1;
        indices.put(key, index);
        return index;
    }

    void writeTo(DataOutputStream target) throws IOException {
        target.writeShort(indices.size() + 1);
        bytes.writeTo(target);
    }
}
