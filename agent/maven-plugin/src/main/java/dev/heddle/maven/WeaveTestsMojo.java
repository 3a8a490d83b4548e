// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.maven;

import java.io.File;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Weaves the test classes of the project in place, as {@link WeaveMojo weave} does with the other ones. */
@Mojo(name = "weave-tests", defaultPhase = LifecyclePhase.PROCESS_TEST_CLASSES, threadSafe = true)
@SuppressWarnings("NullAway.Init") // Maven sets the parameters
public final class WeaveTestsMojo extends ClassesMojo {

    /** The directory of the test classes. */
    @Parameter(defaultValue = "${project.build.testOutputDirectory}", required = true)
    private File testClassesDirectory;

    /** Made by Maven. */
    public WeaveTestsMojo() {}

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        weave(testClassesDirectory);
    }
}
