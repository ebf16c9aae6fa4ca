// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Matrix.axis;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Headline;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.TestedRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A shop's pipeline on a simulated cloud, for whose pages somebody asks. */
final class Shop {
    static final String VOTE = "/stages/release/vote";

    private static final Output<List<String>> MODULES = Output.list("modules");

    final Pipeline pipeline;
    final PipelineTester tester;

    Shop() {
        this("mvn -B package");
    }

    /** A shop whose build runs a command, which its log shows. */
    Shop(String command) {
        pipeline = Pipeline.define("shop", p -> {
            p.on(Trigger.push());
            var note = p.parameter("note").defaultsTo("");
            var build = p.build(
                    "build",
                    container("maven:3.9")
                            .reads(p.source())
                            .env("NOTE", note)
                            .runs(command)
                            .writes("jar", "target/shop.jar")
                            .outputs(MODULES, Output.text("version")));
            var units = p.matrix(
                    "unit",
                    axis("java", "17", "21"),
                    cell -> p.test(
                            cell.name(),
                            container("maven:3.9")
                                    .reads(build.artifact("jar"))
                                    .runs("mvn test")
                                    .reports("*.xml")));
            var modules = p.forEach(
                    "module",
                    build.value(MODULES),
                    item -> p.test(
                            item.name(),
                            container("maven:3.9")
                                    .env("MODULE", item)
                                    .runs("mvn test")
                                    .reports("*.xml")));
            var release = p.approval("release", anyOf("ada", "grace"))
                    .after(units, modules)
                    .expiresAfter(Duration.ofDays(3));
            p.deploy("go-live", build.artifact("jar"), environment("production"))
                    .after(release)
                    .rollingOut(canary(10).holding(Duration.ofMinutes(5)));
        });
        tester = PipelineTester.of(pipeline);
        tester.stage("build").outputs("modules", "cart", "till").outputs("version", "1.0");
    }

    /** Somebody at this machine. */
    Visit visit() {
        return new Visit(engine().answeringThisMachineAlone().attach());
    }

    Engine.Builder engine() {
        return Engine.on(tester.cloud()).register(pipeline);
    }

    TestedRun push() {
        return tester.push("main");
    }

    /** Pushes a commit of this title. */
    TestedRun push(String by, String title, Optional<String> link) {
        Commit commit = new Commit("https://example.com/shop.git", "refs/heads/main", "4f1c2ab0".repeat(5));
        return tester.tell(new SourceEvent.Pushed(
                        commit, by, TrustLevel.TRUSTED, Optional.empty(), Optional.of(new Headline(title, link))))
                .orElseThrow();
    }

    /** Lets what was asked for happen. */
    void settle() {
        tester.advance(Duration.ZERO);
    }

    static String address(TestedRun run) {
        return "/runs/" + run.id();
    }
}
