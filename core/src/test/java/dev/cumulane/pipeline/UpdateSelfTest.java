// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.engine.Engine;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.SimulatedCloud;
import dev.cumulane.testing.TestedRun;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UpdateSelfTest {
    private static Pipeline ci(Trigger... triggers) {
        return Pipeline.define("ci", p -> {
            p.on(triggers);
            var build = p.build(
                    "build", container("maven:3.9").runs("mvn -B verify").writes("jar", "target/ci.jar"));
            p.updateSelf(build.artifact("jar"));
        });
    }

    private static Cloud without(Capability capability, Pipeline pipeline) {
        SimulatedCloud right = SimulatedCloud.of(pipeline);
        EnumSet<Capability> left = EnumSet.copyOf(right.capabilities());
        left.remove(capability);
        return Twisted.of(Cloud.class, right, "capabilities/0", (asked, given) -> left);
    }

    @Test
    void a_push_to_the_named_branch_puts_the_new_version_in_place() {
        PipelineTester tester =
                PipelineTester.of(ci(push().to("main"), changeRequest().into("main")));

        tester.push("main").assertSucceeded();

        assertThat(tester.environment("cumulane").live().orElseThrow().artifacts())
                .singleElement()
                .satisfies(artifact -> assertThat(artifact.name()).isEqualTo("jar"));
    }

    @Test
    void a_change_request_builds_and_updates_nothing() {
        PipelineTester tester =
                PipelineTester.of(ci(push().to("main"), changeRequest().into("main")));

        TestedRun run = tester.changeRequest("main");

        run.assertStage("update-self", Outcome.SKIP);
        assertThat(tester.environment("cumulane").live()).isEmpty();
    }

    @Test
    void a_push_to_a_branch_that_is_named_and_not_protected_updates_nothing() {
        PipelineTester tester = PipelineTester.of(ci(push().to("main")));

        TestedRun run = tester.tell(new SourceEvent.Pushed(commit("main"), "mallory", TrustLevel.INTERNAL))
                .orElseThrow();

        run.assertStage("build", Outcome.SUCCESS).assertStage("update-self", Outcome.SKIP);
        assertThat(tester.environment("cumulane").live()).isEmpty();
    }

    @Test
    void a_change_from_a_fork_is_deployed_nowhere() {
        PipelineTester tester = PipelineTester.of(Pipeline.define("shop", p -> {
            p.on(changeRequest());
            var build = p.build("build", container("alpine:3.22").runs("make").writes("jar", "shop.jar"));
            p.deploy(build.artifact("jar"), environment("preview"));
        }));

        TestedRun ours = tester.changeRequest("main");
        TestedRun theirs = tester.tell(
                        new SourceEvent.ChangeProposed(commit("theirs"), "main", "77", "mallory", TrustLevel.UNTRUSTED))
                .orElseThrow();

        ours.assertStage("deploy-preview", Outcome.SUCCESS);
        theirs.assertStage("build", Outcome.SUCCESS).assertStage("deploy-preview", Outcome.SKIP);
    }

    private static Commit commit(String branch) {
        return new Commit("https://example.com/shop.git", "refs/heads/" + branch, "4f1c2ab0".repeat(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "release/*"})
    void pushes_to_branches_that_nobody_names_are_refused(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ci(push().to("main"), push().to(pattern)))
                .withMessageContaining("pipeline 'ci' updates itself, so its pushes must name the protected branch")
                .withMessageContaining("they are to [main, " + pattern + "]");
    }

    @Test
    void a_pipeline_without_a_push_to_a_branch_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ci(changeRequest().into("main")))
                .withMessageContaining("it has no trigger for pushes");
        assertThatIllegalArgumentException().isThrownBy(() -> ci(push())).withMessageContaining("they are to [*]");
    }

    @Test
    void nothing_else_deploys_to_the_installation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.define("ci", p -> {
                    var build = p.build(
                            "build", container("alpine:3.22").runs("make").writes("jar", "ci.jar"));
                    p.deploy(build.artifact("jar"), environment("cumulane"));
                }))
                .withMessageContaining("which is the installation itself; say p.updateSelf(...)");
    }

    @Test
    void a_cloud_that_cannot_refuses_the_plan_before_a_run_starts() {
        Pipeline ci = ci(push().to("main"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engine.on(without(Capability.UPDATE_SELF, ci))
                        .register(ci)
                        .attach())
                .withMessageContaining(
                        "stage 'update-self' needs a cloud that can put a new version of its own code in place");
    }
}
