// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * A {@code new} whose object is not initialised at an await. A frame cannot store an uninitialised object, so a null
 * takes its place until its constructor is called.
 *
 * @param creation the {@code new} instruction
 * @param constructor the call of the constructor
 * @param aboveCopies the types of the stack from the lowest other copy of the object up to the receiver of the
 *     constructor, exclusively; the copies are {@link org.objectweb.asm.Opcodes#NULL} at the positions of
 *     {@code copies}
 * @param copies the positions of the copies in {@code aboveCopies}
 * @param locals the slots that hold a copy
 */
public record Construction(
        TypeInsnNode creation, MethodInsnNode constructor, List<Object> aboveCopies, BitSet copies, BitSet locals) {}
