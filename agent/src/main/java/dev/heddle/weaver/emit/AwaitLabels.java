package dev.heddle.weaver.emit;

import org.objectweb.asm.tree.LabelNode;

/**
 * Where the code of one await is.
 *
 * @param suspend the block that stores the live values
 * @param resume the block that loads them, shared by the awaits of a {@link ResumeGroup}
 * @param join the instruction after the await, with its result on the stack
 */
record AwaitLabels(LabelNode suspend, LabelNode resume, LabelNode join) {

    AwaitLabels(LabelNode resume) {
        this(new LabelNode(), resume, new LabelNode());
    }
}
