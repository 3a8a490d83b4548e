// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import org.objectweb.asm.tree.LabelNode;

/**
 * The places of the code of one await.
 *
 * @param suspend the code that stores the live values
 * @param resume the code that loads them; in a compact body no await has such code of its own
 * @param join the instruction after the await, with its result on the stack
 */
record AwaitLabels(LabelNode suspend, LabelNode resume, LabelNode join) {

    AwaitLabels() {
        this(new LabelNode(), new LabelNode(), new LabelNode());
    }
}
