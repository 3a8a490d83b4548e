package dev.heddle.woven;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;

/**
 * Writes the class file (JVMS 4.1) of an {@link Entry}: a constructor, and a {@code resume} that calls the body with the
 * receiver out of the frame, default values for the parameters, which the body restores itself, and the frame. There are
 * no branches in it, so no stack map frames.
 */
final class EntryClass {

    private static final String ENTRY = "dev/heddle/woven/Entry";
    private static final String FRAME = "dev/heddle/woven/Frame";
    private static final String CONSTRUCTOR = "(Ldev/heddle/woven/AsyncMethod;)V";

    /** Java 11, the first in which nestmates call each other's private methods directly (JVMS 5.4.4). */
    private static final int CLASS_FILE_VERSION = 55;

    private static final int ACONST_NULL = 0x01;
    private static final int ICONST_0 = 0x03;
    private static final int LCONST_0 = 0x09;
    private static final int FCONST_0 = 0x0b;
    private static final int DCONST_0 = 0x0e;
    private static final int ALOAD_0 = 0x2a;
    private static final int ALOAD_1 = 0x2b;
    private static final int ARETURN = 0xb0;
    private static final int RETURN = 0xb1;
    private static final int GETFIELD = 0xb4;
    private static final int INVOKEVIRTUAL = 0xb6;
    private static final int INVOKESPECIAL = 0xb7;
    private static final int INVOKESTATIC = 0xb8;
    private static final int INVOKEINTERFACE = 0xb9;
    private static final int CHECKCAST = 0xc0;

    private final ConstantPool pool = new ConstantPool();

    private EntryClass() {}

    /** The class file of the entry to {@code owner.name}, a body with the given descriptor. */
    static byte[] classFile(Class<?> owner, String name, String descriptor, boolean isStatic) {
        try {
            return new EntryClass().write(owner, name, descriptor, isStatic);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
    }

    private byte[] write(Class<?> owner, String name, String descriptor, boolean isStatic) throws IOException {
        String ownerName = owner.getName().replace('.', '/');
        int thisClass = pool.classInfo(ownerName + "$Entry");
        int superClass = pool.classInfo(ENTRY);
        byte[] constructor = method("<init>", CONSTRUCTOR, 2, constructorCode());
        byte[] resume = resume(ownerName, name, descriptor, isStatic, owner.isInterface());

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xCAFEBABE);
        out.writeShort(0);
        out.writeShort(CLASS_FILE_VERSION);
        pool.writeTo(out);
        out.writeShort(Modifier.FINAL | 0x0020 /* ACC_SUPER */ | 0x1000 /* ACC_SYNTHETIC */);
        out.writeShort(thisClass);
        out.writeShort(superClass);
        out.writeShort(0); // interfaces
        out.writeShort(0); // fields
        out.writeShort(2); // methods
        out.write(constructor);
        out.write(resume);
        out.writeShort(0); // attributes
        return bytes.toByteArray();
    }

    private byte[] constructorCode() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream code = new DataOutputStream(bytes);
        code.writeByte(ALOAD_0); // stack: this
        code.writeByte(ALOAD_1); // stack: this method
        code.writeByte(INVOKESPECIAL);
        code.writeShort(pool.methodref(ENTRY, "<init>", CONSTRUCTOR, false)); // stack: -
        code.writeByte(RETURN);
        return bytes.toByteArray();
    }

    /**
     * The code takes no more of the operand stack than it declares: HotSpot's first compiler reserves all of that in each
     * frame, and there is one of these for each coroutine that has begun inside another.
     */
    private byte[] resume(String owner, String name, String descriptor, boolean isStatic, boolean isInterface)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream code = new DataOutputStream(bytes);
        if (!isStatic) {
            code.writeByte(ALOAD_1);
            code.writeByte(GETFIELD);
            code.writeShort(pool.fieldref(FRAME, "a0", "Ljava/lang/Object;"));
            code.writeByte(CHECKCAST);
            code.writeShort(pool.classInfo(owner)); // stack: receiver
        }
        int slots = writeDefaults(code, descriptor); // stack: receiver? default*
        code.writeByte(ALOAD_1); // stack: receiver? default* frame
        int body = pool.methodref(owner, name, descriptor, isInterface);
        int maxStack = (isStatic ? 0 : 1) + slots + 1;
        if (isStatic) {
            code.writeByte(INVOKESTATIC);
            code.writeShort(body);
        } else if (isInterface) {
            code.writeByte(INVOKEINTERFACE);
            code.writeShort(body);
            code.writeByte(maxStack); // receiver, defaults, frame: the arguments
            code.writeByte(0);
        } else {
            code.writeByte(INVOKEVIRTUAL);
            code.writeShort(body);
        }
        code.writeByte(ARETURN);
        return method("resume", "(L" + FRAME + ";)Ljava/lang/Object;", maxStack, bytes.toByteArray());
    }

    /** Pushes a default value for each parameter but the last; returns how many slots they take. */
    private static int writeDefaults(DataOutputStream code, String descriptor) throws IOException {
        int slots = 0;
        int last = descriptor.lastIndexOf("L" + FRAME + ";)");
        for (int i = 1; i < last; i = endOfType(descriptor, i)) {
            char type = descriptor.charAt(i);
            code.writeByte(
                    switch (type) {
                        case 'J' -> LCONST_0;
                        case 'F' -> FCONST_0;
                        case 'D' -> DCONST_0;
                        case 'L', '[' -> ACONST_NULL;
                        default -> ICONST_0;
                    });
            slots += type == 'J' || type == 'D' ? 2 : 1;
        }
        return slots;
    }

    private static int endOfType(String descriptor, int start) {
        int i = start;
        while (descriptor.charAt(i) == '[') {
            i++;
        }
        return descriptor.charAt(i) == 'L' ? descriptor.indexOf(';', i) + 1 : i + 1;
    }

    private byte[] method(String name, String descriptor, int maxStack, byte[] code) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(Modifier.PUBLIC);
        out.writeShort(pool.utf8(name));
        out.writeShort(pool.utf8(descriptor));
        out.writeShort(1); // attributes
        out.writeShort(pool.utf8("Code"));
        out.writeInt(12 + code.length);
        out.writeShort(maxStack);
        out.writeShort(2); // max_locals: this, and the one parameter
        out.writeInt(code.length);
        out.write(code);
        out.writeShort(0); // exception table
        out.writeShort(0); // attributes
        return bytes.toByteArray();
    }
}
