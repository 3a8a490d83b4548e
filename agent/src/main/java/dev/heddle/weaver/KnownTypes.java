// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.BasicInterpreter;

/**
 * Decides which type may be assigned to which (JVMS 4.10.1.2), as far as one class file shows. It knows the superclass
 * of the class and the types that every woven class uses. Any other type may be an interface, to which everything can
 * be assigned, or a subclass.
 */
final class KnownTypes {

    private static final String OBJECT = "java/lang/Object";
    private static final Set<String> OF_ARRAYS = Set.of(OBJECT, "java/lang/Cloneable", "java/io/Serializable");

    /** Known classes without subclasses. */
    private static final Set<String> FINAL = Set.of(
            "java/lang/String",
            "java/lang/Boolean",
            "java/lang/Character",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Double",
            "java/lang/StringBuilder");

    /** The superclasses of known classes by internal name. */
    private final Map<String, String> superclasses = new HashMap<>();

    KnownTypes(ClassNode owner) {
        superclasses.put(RuntimeNames.COROUTINE, OBJECT);
        superclasses.put(RuntimeNames.FRAME, RuntimeNames.COROUTINE);
        superclasses.put(RuntimeNames.LARGE_FRAME, RuntimeNames.FRAME);
        superclasses.put("java/lang/String", OBJECT);
        superclasses.put("java/lang/StringBuilder", OBJECT);
        superclasses.put("java/lang/Throwable", OBJECT);
        superclasses.put("java/lang/Exception", "java/lang/Throwable");
        superclasses.put("java/lang/RuntimeException", "java/lang/Exception");
        superclasses.put("java/lang/Error", "java/lang/Throwable");
        superclasses.put("java/lang/Boolean", OBJECT);
        superclasses.put("java/lang/Character", OBJECT);
        superclasses.put("java/lang/Number", OBJECT);
        superclasses.put("java/lang/Integer", "java/lang/Number");
        superclasses.put("java/lang/Long", "java/lang/Number");
        superclasses.put("java/lang/Double", "java/lang/Number");
        if ((owner.access & Opcodes.ACC_INTERFACE) == 0 && owner.superName != null) {
            superclasses.put(owner.name, owner.superName);
        }
    }

    /** Whether a reference of type {@code from} may be assigned to {@code to}, as far as is known. */
    boolean mayBeAssigned(Type from, Type to) {
        if (from.equals(to) || from.equals(BasicInterpreter.NULL_TYPE)) {
            return true;
        }
        if (to.equals(BasicInterpreter.NULL_TYPE)) {
            return false;
        }
        if (from.getSort() == Type.ARRAY) {
            return to.getSort() == Type.ARRAY
                    ? mayHoldElements(component(from), component(to))
                    : OF_ARRAYS.contains(to.getInternalName());
        }
        return to.getSort() != Type.ARRAY && mayBeSubclass(from.getInternalName(), to.getInternalName());
    }

    private boolean mayHoldElements(Type from, Type to) {
        boolean arePrimitive = from.getSort() < Type.ARRAY || to.getSort() < Type.ARRAY;
        return arePrimitive ? from.equals(to) : mayBeAssigned(from, to);
    }

    private static Type component(Type array) {
        return Type.getType(array.getDescriptor().substring(1));
    }

    private boolean mayBeSubclass(String from, String to) {
        if (to.equals(OBJECT) || !superclasses.containsKey(to)) {
            return true;
        }
        if (FINAL.contains(to)) {
            return from.equals(to);
        }
        Set<String> passed = new HashSet<>();
        String name = from;
        while (!name.equals(to)) {
            if (name.equals(OBJECT)) {
                return false;
            }
            String superclass = superclasses.get(name);
            if (superclass == null || !passed.add(name)) {
                return true; // unknown
            }
            name = superclass;
        }
        return true;
    }
}
