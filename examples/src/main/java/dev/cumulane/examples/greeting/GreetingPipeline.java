// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;

import dev.cumulane.pipeline.Pipeline;

/** From a commit of the greeting service to the service that answers. */
public final class GreetingPipeline {
    private static final String IMAGE = "maven:3.9-eclipse-temurin-21";

    private GreetingPipeline() {}

    /**
     * The pipeline.
     *
     * @return an immutable value, for any cloud
     */
    public static Pipeline pipeline() {
        return Pipeline.define("greeting", p -> {
            p.on(push().to("main"));

            var build = p.build(
                    "build",
                    container(IMAGE)
                            .reads(p.source())
                            .runs("./mvnw -B -ntp -DskipTests package")
                            .writes("jar", "target/greeting.jar")
                            .writes("classes", "target/classes")
                            .writes("tests", "target/test-classes")
                            .within(ofMinutes(15))
                            .retrying(twice().onLostWorker()));

            var unit = p.test(
                    "unit",
                    container(IMAGE)
                            .reads(p.source(), build.artifact("classes"), build.artifact("tests"))
                            .runs("./mvnw -B -ntp surefire:test")
                            .reports("target/surefire-reports/*.xml")
                            .within(ofMinutes(10)));

            var inspect = p.function("inspect", InspectJar.class).reads(build.artifact("jar"));

            var release = p.approval("release", anyOf("ada", "grace"))
                    .after(unit, inspect)
                    .expiresAfter(ofDays(3));

            var live =
                    p.deploy(build.artifact("jar"), environment("production")).after(release);

            p.function("smoke", SmokeTest.class).env("GREETING_URL", live.address());

            p.build("clean-up", container("alpine:3.22").runs("echo \"run $CUMULANE_RUN is over\""))
                    .always();
        });
    }
}
