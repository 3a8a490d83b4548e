/**
 * The two fronts of the weaver: {@link dev.heddle.agent.PreMain} is the entry of the agent, {@link dev.heddle.agent.Main} of
 * weaving at build time. They filter, delegate to the weaver and report.
 */
@NullMarked
package dev.heddle.agent;

import org.jspecify.annotations.NullMarked;
