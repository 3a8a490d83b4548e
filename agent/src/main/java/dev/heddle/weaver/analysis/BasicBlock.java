// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.List;

/**
 * A sequence of instructions that is entered only at the first one.
 *
 * @param number the position among the blocks of the method
 * @param start index of the first instruction
 * @param end index after the last instruction
 * @param successors numbers of the blocks that follow if nothing is thrown
 * @param handlers numbers of the blocks that may catch an exception of this block, in the order of the exception table,
 *     up to one that catches everything
 */
record BasicBlock(int number, int start, int end, List<Integer> successors, List<Integer> handlers) {}
