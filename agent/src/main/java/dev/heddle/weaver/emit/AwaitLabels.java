package dev.heddle.weaver.emit;

import org.objectweb.asm.tree.LabelNode;

/**
 * Where the code of one await is.
 *
 * @param suspend the code that stores the live values
 * @param resume the code that loads them; a compact body has none of this await alone
 * @param join the instruction after the await, with its result on the stack
 */
record AwaitLabels(LabelNode suspend, LabelNode resume, LabelNode join) {

    AwaitLabels() {
        this(new LabelNode(), new LabelNode(), new LabelNode());
    }
}
