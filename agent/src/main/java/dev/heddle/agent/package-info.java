/** The agent: {@link dev.heddle.agent.PreMain} is its entry. It filters, delegates to the weaver and reports. */
@NullMarked
package dev.heddle.agent;

import org.jspecify.annotations.NullMarked;
