// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static dev.cumulane.pipeline.Approvers.allOf;
import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Concurrency.group;
import static dev.cumulane.pipeline.Condition.branch;
import static dev.cumulane.pipeline.Condition.changed;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.once;
import static dev.cumulane.pipeline.Retry.times;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Value.secret;
import static dev.cumulane.pipeline.Work.container;

import java.time.Duration;

/** A pipeline with one of everything that a plan can hold. */
public final class EverythingPipeline {
    private EverythingPipeline() {}

    /** Looks at the jar. */
    public static final class Inspect implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }

    public static Pipeline pipeline() {
        return Pipeline.define("everything", p -> {
            p.within(Duration.ofDays(5));
            p.concurrency(group("everything").perBranch().superseding().waitingAtMost(Duration.ofHours(12)));
            p.on(push().to("main", "release"), changeRequest().into("main"));
            var region = p.parameter("region").choices("eu", "us").defaultsTo("eu");
            var depth = p.parameter("depth").between(1, 9).defaultsTo(3);
            var dryRun = p.parameter("dry-run").flag().defaultsTo(false);
            var note = p.parameter("note").defaultsTo("");
            var build = p.build(
                    "build",
                    container("maven:3.9-eclipse-temurin-21")
                            .reads(p.source())
                            .runs("mvn -B package", "printf '%s' \"$GREETING\"")
                            .writes("jar", "target/app.jar")
                            .writes("tests", "target/test-classes")
                            .env("GREETING", "hello, \"world\" é\n")
                            .env("KEY", secret("repository/key"))
                            .env("REGION", region)
                            .env("DRY_RUN", dryRun)
                            .outputs(
                                    Output.text("version"),
                                    Output.number("coverage"),
                                    Output.flag("changed"),
                                    Output.list("modules"))
                            .within(Duration.ofMinutes(15))
                            .retrying(twice().onLostWorker().onTimeout()));
            var unit = p.test(
                            "unit",
                            container("maven:3.9-eclipse-temurin-21")
                                    .reads(p.source(), build.artifact("tests"))
                                    .runs("mvn -B surefire:test")
                                    .reports("target/surefire-reports/*.xml")
                                    .retrying(once().onError()))
                    .reuseWhenUnchanged();
            p.build("lint", container("alpine").reads(p.source()).runs("lint"))
                    .onlyWhen(branch().is("release/*").and(changed("src/**", "pom.xml")));
            var inspect = p.function("inspect", Inspect.class)
                    .reads(build.artifact("jar"))
                    .writes("findings")
                    .env("DEPTH", depth)
                    .env("NOTE", note)
                    .env("MODULES", build.value("modules"))
                    .outputs(Output.text("headline"))
                    .env("KEY", secret("inspector"))
                    .within(Duration.ofMinutes(5))
                    .retrying(times(3).onFailure().onTimeout().onError().waiting(Duration.ofSeconds(10)));
            var app = p.release("app", build.artifact("jar"), build.artifact("tests"));
            var staging = p.deploy(app, environment("staging")).after(unit).within(Duration.ofMinutes(10));
            var release = p.approval("release", allOf("ada", "grace"))
                    .after(staging, inspect)
                    .expiresAfter(Duration.ofDays(3));
            var live = p.deploy("go-live", app, environment("production"))
                    .after(release)
                    .rollingOut(canary(10).holding(Duration.ofMinutes(5)).rollingBackOnAlarm("app-5xx"));
            p.build(
                    "smoke",
                    container("curlimages/curl").env("APP", live.address()).runs("curl --fail \"$APP\""));
            p.approval("keep", anyOf("ada", "grace", "linus").quorum(2)).after(live);
            p.build("report", container("alpine").runs("echo failed")).onFailure();
            p.returns("version", build.value("version"));
            p.returns("findings", inspect.artifact("findings"));
            p.build("clean-up", container("alpine").runs("echo done")).always();
        });
    }
}
