// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.comment;
import static dev.cumulane.pipeline.Trigger.cron;
import static dev.cumulane.pipeline.Trigger.published;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Trigger.runOf;
import static dev.cumulane.pipeline.Trigger.tags;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.pipeline.Guard;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggersTest {
    private static final String SHOP = "https://github.com/acme/shop.git";
    private static final String TOOLS = "https://github.com/acme/tools.git";
    private static final Commit HEAD = Commit.commit(SHOP, "4f1c2ab0".repeat(5));

    @ParameterizedTest
    @CsvSource({
        "main, true",
        "maintenance, false",
        "release/1, true",
        "release/1/2, true",
        "release, false",
        "my/release/1, false"
    })
    void a_branch_has_to_fit_a_pattern_as_a_whole(String branch, boolean starts) {
        assertThat(starts(push().to("main", "release/*"), pushed("refs/heads/" + branch)))
                .isEqualTo(starts);
    }

    @Test
    void a_push_trigger_is_for_branches_and_a_tag_trigger_for_tags() {
        assertThat(starts(push(), pushed("refs/tags/v1"))).isFalse();
        assertThat(starts(tags(), pushed("refs/heads/v1"))).isFalse();
        assertThat(starts(tags("v*"), pushed("refs/tags/v1"))).isTrue();
        assertThat(starts(tags("v*"), pushed("refs/tags/x1"))).isFalse();
    }

    @Test
    void files_count_as_changed_where_nobody_knows_which_were() {
        Trigger trigger = push().changing("api/**", "*.md");

        assertThat(starts(trigger, pushed("refs/heads/main", "api/a/B.java"))).isTrue();
        assertThat(starts(trigger, pushed("refs/heads/main", "web/x", "README.md")))
                .isTrue();
        assertThat(starts(trigger, pushed("refs/heads/main", "web/README.md"))).isFalse();
        assertThat(starts(trigger, pushed("refs/heads/main"))).isTrue();
        assertThat(starts(changeRequest().changing("api/**"), proposed("main"))).isTrue();
    }

    @Test
    void a_change_request_counts_by_the_branch_that_it_wants_to_change() {
        assertThat(starts(changeRequest().into("main"), proposed("main"))).isTrue();
        assertThat(starts(changeRequest().into("main"), proposed("main2"))).isFalse();
        assertThat(starts(push().to("main"), proposed("main"))).isFalse();
    }

    @Test
    void a_repository_is_known_by_its_configured_name() {
        SourceEvent shop = pushed("refs/heads/main");
        SourceEvent tools =
                new SourceEvent.Pushed(new Commit(TOOLS, "refs/heads/main", HEAD.id()), "ada", TrustLevel.TRUSTED);

        assertThat(starts(push().in("shop"), shop)).isTrue();
        assertThat(starts(push().in("shop"), tools)).isFalse();
        assertThat(starts(push().in("shop", "tools"), tools)).isTrue();
    }

    @Test
    void the_end_of_a_run_starts_those_that_follow_it_with_its_commit_and_trust() {
        Pipeline library = Pipeline.define("library", p -> {
            p.on(push());
            var build = p.build(
                    "build", container("maven:3.9").runs("mvn -B package").writes("jar", "lib.jar"));
            p.returns("library-jar", build.artifact("jar"));
        });
        Pipeline after = following("after", runOf("library"));
        Pipeline publishing = following("publishing", published("library", "library-jar"));
        Pipeline other = following("other", published("library", "docs"));
        Pipeline repair = following("repair", runOf("library").ending(Guard.Ending.FAILED));
        SimulatedCloud cloud = SimulatedCloud.of(library, after, publishing, other, repair);
        Engine engine = Engine.on(cloud)
                .register(library, after, publishing, other, repair)
                .open();

        engine.handle(new SourceEvent.Pushed(HEAD.at("refs/heads/x"), "eve", TrustLevel.UNTRUSTED));
        cloud.settle();
        assertThat(engine.list(10))
                .extracting(RunView::pipeline)
                .containsExactlyInAnyOrder("library", "after", "publishing");
        assertThat(engine.list(10)).allSatisfy(run -> {
            assertThat(run.source().commit().id()).isEqualTo(HEAD.id());
            assertThat(run.source().trust()).isEqualTo(TrustLevel.UNTRUSTED);
            assertThat(run.source().authors())
                    .as("who is behind what it follows")
                    .containsExactly("eve");
            assertThat(run.outcome()).contains(Outcome.SUCCESS);
        });

        cloud.stage("build").fails();
        engine.handle(new SourceEvent.Pushed(
                Commit.commit(SHOP, "0a1b2c3d".repeat(5)).at("refs/heads/x"), "ada", TrustLevel.TRUSTED));
        cloud.settle();
        assertThat(engine.list(10))
                .extracting(RunView::pipeline)
                .contains("repair")
                .hasSize(5);
    }

    @Test
    void pipelines_that_would_start_each_other_for_ever_are_refused_with_their_path() {
        Pipeline one = following("one", runOf("three"));
        Pipeline two = following("two", runOf("one"));
        Pipeline three = following("three", published("two", "jar"));
        SimulatedCloud cloud = SimulatedCloud.of(one, two, three);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engine.on(cloud).register(one, two, three).open())
                .withMessageContaining(
                        "pipelines would start each other for ever: one after three after two after one");
    }

    @Test
    void a_mistake_in_a_trigger_is_refused_where_it_is_made() {
        refused(() -> push().to("-x"), "branch pattern '-x' is not usable");
        refused(() -> push().in("My Shop"), "repository name 'My Shop' is not usable");
        refused(() -> tags(""), "tag pattern '' is not usable");
        refused(() -> comment("retest"), "comment command 'retest' is not usable");
        refused(() -> comment("/retest"), "comment command '/retest' needs no trigger");
        refused(() -> cron("0 3 * *"), "it has 4 fields");
        refused(() -> cron("0 3 * * *").on("release/*"), "branch 'release/*' is not usable here");
        refused(() -> cron("0 3 * * *").in("one").in("two"), "a schedule is for one repository, not for one and two");
        refused(() -> runOf("x").ending(), "has to end in some way");
        refused(() -> following("one", runOf("one")), "pipeline 'one' would start itself for ever");
    }

    @Test
    void a_plan_keeps_every_kind_of_trigger() {
        Plan plan = following(
                        "all",
                        push().to("main").changing("api/**").in("shop"),
                        tags("v*"),
                        changeRequest().into("main"),
                        comment("/preview"),
                        cron("30 3 * * MON-FRI").at("Europe/Berlin").on("main").in("shop"),
                        runOf("library").ending(Guard.Ending.FAILED, Guard.Ending.SUCCEEDED),
                        published("library", "jar"))
                .plan();

        assertThat(Plan.parse(plan.bytes())).isEqualTo(plan);
    }

    private static void refused(Runnable mistake, String message) {
        assertThatIllegalArgumentException().isThrownBy(mistake::run).withMessageContaining(message);
    }

    private static Pipeline following(String name, Trigger... triggers) {
        return define(name, p -> p.on(triggers));
    }

    private static Pipeline define(String name, Consumer<PipelineDefinition> more) {
        return Pipeline.define(name, p -> {
            more.accept(p);
            p.build(name + "-work", container("alpine:3").runs("true"));
        });
    }

    private static boolean starts(Trigger trigger, SourceEvent event) {
        Pipeline pipeline = following("shop", trigger);
        Engine engine = Engine.on(SimulatedCloud.of(pipeline))
                .register(pipeline)
                .repository(Repository.on(Forge.GITHUB, "shop", SHOP), Repository.on(Forge.GITHUB, "tools", TOOLS))
                .open();
        return !engine.handle(event).isEmpty();
    }

    private static SourceEvent pushed(String ref, String... changed) {
        return new SourceEvent.Pushed(
                HEAD.at(ref),
                "ada",
                TrustLevel.TRUSTED,
                changed.length == 0 ? Optional.empty() : Optional.of(List.of(changed)));
    }

    private static SourceEvent proposed(String target) {
        return new SourceEvent.ChangeProposed(HEAD.at("refs/pull/7/head"), target, "7", "ada", TrustLevel.INTERNAL);
    }
}
