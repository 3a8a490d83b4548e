/** Facts about a class: {@link dev.heddle.weaver.analysis.ClassAnalyzer} is the entry, its result a {@link dev.heddle.weaver.analysis.ClassPlan}. */
@NullMarked
package dev.heddle.weaver.analysis;

import org.jspecify.annotations.NullMarked;
