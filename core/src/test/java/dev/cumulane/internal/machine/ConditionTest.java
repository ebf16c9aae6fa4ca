// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Condition.branch;
import static dev.cumulane.pipeline.Condition.changed;
import static dev.cumulane.pipeline.Condition.not;
import static dev.cumulane.pipeline.Condition.tag;
import static dev.cumulane.pipeline.Condition.target;
import static dev.cumulane.pipeline.Output.text;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.pipeline.Condition;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.ParameterHandle;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.pipeline.Work;
import dev.cumulane.pipeline.WorkHandle;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private static final Work WORK = container("alpine").runs("true").writes("out", "out");
    private static final Commit HEAD = Commit.commit("https://example.com/app.git", "0".repeat(40));

    private static SourceEvent push(String ref, String... changed) {
        return new SourceEvent.Pushed(
                HEAD.at(ref),
                "ada",
                TrustLevel.TRUSTED,
                changed.length == 0 ? Optional.empty() : Optional.of(List.of(changed)));
    }

    private static SourceEvent change(String target) {
        return new SourceEvent.ChangeProposed(HEAD.at("refs/heads/fix"), target, "7", "ada", TrustLevel.INTERNAL);
    }

    private static boolean runs(Condition condition, SourceEvent source) {
        Driver run = Driver.begun(
                Pipeline.define("app", p -> p.build("a", WORK).onlyWhen(condition)), source, new TreeMap<>());
        if (run.phase("a") == Phase.FINISHED) {
            assertThat(run.cause("a")).isEqualTo(Cause.CONDITION_UNMET);
            assertThat(run.run().hasEnded()).isTrue();
            return false;
        }
        return true;
    }

    @Test
    void a_branch_is_the_whole_name_of_a_pushed_branch() {
        assertThat(runs(branch().is("main"), push("refs/heads/main"))).isTrue();
        assertThat(runs(branch().is("main"), push("refs/heads/main2"))).isFalse();
        assertThat(runs(branch().is("main"), push("refs/heads/x/main"))).isFalse();
        assertThat(runs(branch().is("main"), push("refs/tags/main"))).isFalse();
        assertThat(runs(branch().is("dev", "release/*"), push("refs/heads/release/1.0/a")))
                .isTrue();
        assertThat(runs(branch().is("fix"), change("main"))).isFalse();
    }

    @Test
    void tags_and_change_requests_are_told_apart() {
        assertThat(runs(tag().is("v*"), push("refs/tags/v1.0"))).isTrue();
        assertThat(runs(tag().is("v*"), push("refs/heads/v1.0"))).isFalse();
        assertThat(runs(target().is("main"), change("main"))).isTrue();
        assertThat(runs(target().is("main"), change("dev"))).isFalse();
        assertThat(runs(target().is("main"), push("refs/heads/main"))).isFalse();
    }

    @Test
    void a_changed_path_fits_a_pattern_or_nobody_knows_what_changed() {
        assertThat(runs(changed("api/**"), push("refs/heads/main", "web/a", "api/src/B.java")))
                .isTrue();
        assertThat(runs(changed("api/*"), push("refs/heads/main", "api/src/B.java")))
                .isFalse();
        assertThat(runs(changed("*.md"), push("refs/heads/main", "docs/a.md"))).isFalse();
        assertThat(runs(changed("**.md"), push("refs/heads/main", "docs/a.md"))).isTrue();
        assertThat(runs(changed("api/**"), push("refs/heads/main"))).isTrue();
        assertThat(runs(changed("api/**"), new SourceEvent.Asked(HEAD, "ada"))).isTrue();
    }

    @Test
    void conditions_are_combined() {
        SourceEvent main = push("refs/heads/main", "a");
        assertThat(runs(branch().is("main").and(changed("b")), main)).isFalse();
        assertThat(runs(branch().is("main").or(changed("b")), main)).isTrue();
        assertThat(runs(not(branch().is("main")), main)).isFalse();
        assertThat(runs(not(branch().is("x").and(changed("b"))), main)).isTrue();
    }

    @Test
    void a_skip_says_which_condition_was_not_true() {
        Driver run = Driver.begun(
                Pipeline.define(
                        "app",
                        p -> p.build("a", WORK)
                                .onlyWhen(branch().is("main", "release/*").and(not(changed("docs/**"))))),
                push("refs/heads/dev"),
                new TreeMap<>());
        assertThat(run.verdict("a").detail())
                .isEqualTo("runs only when the branch is 'main' or 'release/*' and not ('docs/**' changed)");
    }

    private static Driver begun(BiConsumer<PipelineDefinition, WorkHandle> more) {
        return Driver.begun(Pipeline.define("app", p -> more.accept(p, p.build("a", WORK.outputs(text("word"))))));
    }

    private static void end(Driver run, String word) {
        SortedMap<String, StageValue> values = new TreeMap<>();
        values.put("word", new StageValue.Inline(ValueKind.TEXT, word));
        run.end("a", new Verdict(Cause.COMPLETED, "", List.of(), Optional.empty(), Optional.empty(), values));
    }

    @Test
    void what_reads_from_a_skipped_stage_is_skipped_and_what_only_comes_after_it_goes_on() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            WorkHandle skipped = p.build("skipped", WORK).onlyWhen(branch().is("other"));
            WorkHandle reads = p.build("reads", WORK.reads(skipped.artifact("out")));
            p.build("after-both", WORK).after(skipped, reads);
            p.build("alarm", WORK).onFailure();
        }));
        assertThat(run.cause("reads")).isEqualTo(Cause.CONDITION_UNMET);
        assertThat(run.verdict("reads").detail()).isEqualTo("reads from 'skipped', which was skipped");
        run.succeed("after-both");
        assertThat(run.cause("alarm")).isEqualTo(Cause.NOT_NEEDED);
        assertThat(run.run().head().outcome()).contains(dev.cumulane.run.Outcome.SUCCESS);
    }

    @Test
    void a_condition_on_the_end_of_a_stage_waits_for_it_however_it_ends() {
        BiConsumer<PipelineDefinition, WorkHandle> two = (p, a) -> {
            p.build("mend", WORK).onlyWhen(a.failed());
            p.build("go-on", WORK).onlyWhen(a.succeeded());
        };
        Driver failed = begun(two);
        failed.end("a", Cause.COMMAND_FAILED);
        assertThat(failed.phase("mend")).isEqualTo(Phase.SCHEDULED);
        assertThat(failed.cause("go-on")).isEqualTo(Cause.CONDITION_UNMET);
        Driver well = begun(two);
        end(well, "x");
        assertThat(well.cause("mend")).isEqualTo(Cause.CONDITION_UNMET);
        assertThat(well.phase("go-on")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void a_condition_on_a_value_reads_it() {
        BiConsumer<PipelineDefinition, WorkHandle> deploys =
                (p, a) -> p.build("b", WORK).onlyWhen(a.value("word").is("yes", "oui"));
        Driver yes = begun(deploys);
        end(yes, "oui");
        assertThat(yes.phase("b")).isEqualTo(Phase.SCHEDULED);
        Driver no = begun(deploys);
        end(no, "non");
        assertThat(no.verdict("b").detail()).isEqualTo("runs only when value 'word' of 'a' is 'yes' or 'oui'");
        Driver failed = begun(deploys);
        failed.end("a", Cause.COMMAND_FAILED);
        assertThat(failed.cause("b")).isEqualTo(Cause.NEEDS_UNMET);
    }

    @Test
    void a_condition_on_a_parameter_knows_what_it_can_be() {
        Pipeline pipeline = Pipeline.define("app", p -> {
            ParameterHandle region = p.parameter("region").choices("eu", "us").defaultsTo("eu");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> region.is("moon"))
                    .withMessageContaining("eu")
                    .withMessageContaining("moon");
            p.build("a", WORK).onlyWhen(region.is("us"));
        });
        SortedMap<String, String> us = new TreeMap<>();
        us.put("region", "us");
        SortedMap<String, String> eu = new TreeMap<>();
        eu.put("region", "eu");
        assertThat(Driver.begun(pipeline, push("refs/heads/main"), us).phase("a"))
                .isEqualTo(Phase.SCHEDULED);
        assertThat(Driver.begun(pipeline, push("refs/heads/main"), eu).cause("a"))
                .isEqualTo(Cause.CONDITION_UNMET);
    }

    @Test
    void a_condition_is_part_of_the_plan() {
        Plan plan = Pipeline.define("app", p -> {
                    WorkHandle a = p.build("a", WORK.outputs(Output.number("n")));
                    p.build("b", WORK)
                            .onlyWhen(branch().is("main")
                                    .or(not(a.failed()))
                                    .and(a.value("n").is("1")));
                })
                .plan();
        assertThat(Plan.parse(plan.bytes())).isEqualTo(plan);
        assertThat(plan.stages().get(1).before()).containsExactly("a");
    }

    @Test
    void mistakes_in_conditions_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> branch().is())
                .withMessage("a condition names 1 to 100 branch patterns, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> changed("/etc/passwd"))
                .withMessage(
                        "path pattern '/etc/passwd' is not usable: a whole name such as 'main' or with stars such as "
                                + "'release/*'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> begun((p, a) -> a.onlyWhen(a.failed())))
                .withMessageContaining("a -> a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> begun((p, a) -> a.always().onFailure()))
                .withMessage("stage 'a' cannot be both always() and onFailure(): always() includes failures");
        WorkHandle[] foreign = new WorkHandle[1];
        Pipeline.define("other", p -> foreign[0] = p.build("x", WORK));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> begun((p, a) -> a.onlyWhen(foreign[0].failed())))
                .withMessageContaining("stage 'x' belongs to pipeline 'other'");
    }

    @Test
    void a_pattern_of_many_stars_costs_no_more_than_its_length() {
        String stars = "*a".repeat(120);
        assertThat(runs(branch().is(stars), push("refs/heads/" + "a".repeat(119) + "b")))
                .isFalse();
    }
}
