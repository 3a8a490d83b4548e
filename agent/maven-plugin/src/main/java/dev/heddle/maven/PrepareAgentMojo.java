// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.maven;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * Adds the agent to the property {@code argLine}, with which Surefire and Failsafe start the JVMs of tests. An {@code argLine} that is there
 * is kept. JaCoCo's goal of this name may run before or after this one.
 */
@Mojo(name = "prepare-agent", defaultPhase = LifecyclePhase.INITIALIZE, threadSafe = true)
@SuppressWarnings("NullAway.Init") // Maven sets the parameters
public final class PrepareAgentMojo extends AbstractMojo {

    private static final List<String> RUNNERS = List.of("maven-surefire-plugin", "maven-failsafe-plugin");

    /** Leaves out this goal. */
    @Parameter(property = "heddle.skip", defaultValue = "false")
    private boolean skip;

    /** The property to which the agent is added. */
    @Parameter(property = "heddle.propertyName", defaultValue = "argLine", required = true)
    private String propertyName;

    /** Options of the agent, such as {@code verify=true}. */
    @Parameter(property = "heddle.agentOptions")
    private @Nullable String agentOptions;

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    private MavenProject project;

    @Parameter(defaultValue = "${session.userProperties}", readonly = true, required = true)
    private Properties commandLine;

    @Parameter(defaultValue = "${plugin.artifactMap}", readonly = true, required = true)
    private Map<String, Artifact> artifacts;

    @Parameter(defaultValue = "${plugin.version}", readonly = true, required = true)
    private String version;

    /** Made by Maven. */
    public PrepareAgentMojo() {}

    @Override
    public void execute() {
        if (skip) {
            getLog().info("the agent is not added: heddle.skip is set");
            return;
        }
        String jar = Objects.requireNonNull(artifacts.get("dev.heddle:heddle-agent"))
                .getFile()
                .getPath();
        Properties properties = project.getProperties();
        String line = ArgLine.withAgent(properties.getProperty(propertyName), jar, agentOptions);
        properties.setProperty(propertyName, line);
        getLog().info(propertyName + " set to " + line);
        warnOfOtherVersion();
        warnIfHidden();
    }

    private void warnOfOtherVersion() {
        for (Dependency dependency : project.getDependencies()) {
            if (dependency.getGroupId().equals("dev.heddle")
                    && dependency.getArtifactId().equals("heddle-runtime")
                    && !version.equals(dependency.getVersion())) {
                getLog().warn("heddle-runtime has version " + dependency.getVersion() + ", and heddle-maven-plugin "
                        + version + "; use one version of both");
            }
        }
    }

    /** Warns if the property is set in vain, because something else sets the JVM arguments of tests. */
    private void warnIfHidden() {
        String hidden = "so tests run without Heddle's agent; ";
        if (commandLine.containsKey(propertyName)) {
            getLog().warn("-D" + propertyName + " on the command line takes the place of the property, " + hidden
                    + "move the arguments to a property " + propertyName + " of the project");
        }
        for (String name : RUNNERS) {
            @Nullable Plugin runner = project.getPlugin("org.apache.maven.plugins:" + name);
            @Nullable String configured = runner == null ? null : argLineThatHides(runner);
            if (configured != null) {
                getLog().warn("the configuration of " + name + " sets argLine to '" + configured + "', " + hidden
                        + "write <argLine>@{" + propertyName + "} " + configured + "</argLine>");
            }
        }
    }

    private @Nullable String argLineThatHides(Plugin runner) {
        return ArgLine.hiding(
                propertyName,
                Stream.concat(
                        Stream.of(String.valueOf(runner.getConfiguration())),
                        runner.getExecutions().stream()
                                .map(PluginExecution::getConfiguration)
                                .map(String::valueOf)));
    }
}
