// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes in a definition, each refused inside {@code define} with the value and the valid choices named. */
class DefinitionTest {
    private static final Work WORK = container("alpine:3.22").runs("true");

    private static void refused(Consumer<PipelineDefinition> body, String... said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.define("shop", body))
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).contains(said).doesNotContain("\n"));
    }

    @Test
    void an_unknown_artifact_is_refused_and_the_known_ones_are_named() {
        refused(
                p -> p.build("build", WORK.writes("jar", "a.jar").writes("tests", "t"))
                        .artifact("jarr"),
                "'jarr'",
                "it writes jar, tests");
    }

    @Test
    void an_owner_is_part_of_the_plan_and_one_line() {
        Plan plan = Pipeline.define("shop", p -> p.build("build", WORK).owner("team-shop"))
                .plan();

        assertThat(Plan.parse(plan.bytes()).stages().get(0).needs().owner()).hasValue("team-shop");
        refused(p -> p.build("build", WORK).owner("team\nshop"), "'build'", "one line");
        refused(p -> p.build("build", WORK).owner(" "), "'build'", "1 to 100 characters");
    }

    @Test
    void a_cycle_is_printed_as_a_path() {
        refused(
                p -> {
                    WorkHandle a = p.build("a", WORK);
                    WorkHandle b = p.build("b", WORK).after(a);
                    a.after(b);
                },
                "a -> b -> a");
    }

    @Test
    void a_name_is_taken_once() {
        refused(
                p -> {
                    p.build("build", WORK);
                    p.test("build", WORK);
                },
                "'build' is taken",
                "the stages so far are: build");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Build",
                "../x",
                "--upload-pack=x",
                "$(touch x)",
                "a b",
                "a\nb",
                "a--b",
                "x123456789x123456789x123456789x123456789x"
            })
    void a_hostile_name_is_refused(String name) {
        refused(p -> p.build(name, WORK), "stage name", "lower-case letters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.define(name, p -> p.build("build", WORK)))
                .withMessageContaining("pipeline name");
        refused(p -> p.build("build", WORK.writes(name, "a.jar")), "artifact name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> environment(name))
                .withMessageContaining("environment name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../x", "a/../b", "-x", "", "a b", "$(x)", "*.jar"})
    void a_path_out_of_the_workspace_is_refused(String path) {
        refused(p -> p.build("build", WORK.writes("jar", path)), "path '");
    }

    @Test
    void time_limits_are_more_than_zero_and_what_a_cloud_can_hold() {
        refused(p -> p.build("build", WORK.within(Duration.ZERO)), "longer than zero", "PT0S");
        refused(p -> p.build("build", WORK.within(Duration.ofHours(37))), "PT37H", "at most PT36H");
        refused(p -> p.function("f", Stage1.class).within(Duration.ofMinutes(31)), "PT31M", "at most PT30M");
        refused(p -> p.approval("release", anyOf("ada")).expiresAfter(Duration.ofDays(-1)), "longer than zero");
    }

    @Test
    void an_empty_command_and_a_stage_without_one_are_refused() {
        refused(p -> p.build("build", WORK.runs(" ")), "empty command");
        refused(p -> p.build("build", container("alpine:3.22")), "'build' runs no command");
        refused(p -> {}, "has no stages");
    }

    @Test
    void a_handle_of_another_pipeline_is_refused() {
        List<WorkHandle> stolen = new ArrayList<>();
        Pipeline.define("other", p -> stolen.add(p.build("build", WORK.writes("jar", "a.jar"))));

        refused(
                p -> p.test("unit", WORK.reads(stolen.get(0).artifact("jar"))),
                "belongs to pipeline 'other'",
                "'unit'",
                "'shop'");
        refused(p -> p.test("unit", WORK).after(stolen.get(0)), "stage 'build' belongs to pipeline 'other'");
    }

    @Test
    void a_stage_is_changed_inside_define_only() {
        List<WorkHandle> kept = new ArrayList<>();
        Pipeline.define("shop", p -> kept.add(p.build("build", WORK)));

        assertThatIllegalStateException()
                .isThrownBy(() -> kept.get(0).always())
                .withMessageContaining("defined already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "LD_PRELOAD", "GIT_DIR", "MAVEN_OPTS", "CUMULANE_RUN", "lower", "A=B", ""})
    void a_variable_that_steers_the_shell_is_refused(String name) {
        refused(p -> p.build("build", WORK.env(name, "x")), "environment variable");
    }

    @Test
    void a_quorum_that_cannot_be_reached_is_refused() {
        refused(p -> p.approval("release", anyOf("ada", "grace").quorum(3)), "quorum of 3", "1 to 2");
    }

    @Test
    void two_inputs_at_one_path_are_refused() {
        refused(
                p -> {
                    WorkHandle a = p.build("a", WORK.writes("jar", "x.jar"));
                    WorkHandle b = p.build("b", WORK.writes("jar", "x.jar"));
                    p.test("unit", WORK.reads(a.artifact("jar"), b.artifact("jar")));
                },
                "both lie at x.jar");
    }

    @Test
    void a_value_is_used_by_the_name_and_kind_that_it_was_given() {
        Work work = WORK.outputs(Output.text("version"), Output.flag("changed"));
        refused(
                p -> p.build("build", work).value("verison"),
                "stage 'build' hands on no value 'verison'; it hands on changed, version");
        refused(
                p -> p.build("build", work).value(Output.list("version")),
                "stage 'build' hands on TEXT version, not LIST version");
        refused(p -> p.build("build", WORK).value("version"), "it hands on none");
        refused(p -> p.approval("release", anyOf("ada")).value("version"), "it hands on none");
    }

    @Test
    void a_value_is_handed_on_once_and_there_are_not_too_many() {
        refused(
                p -> p.build("build", WORK.outputs(Output.text("a"), Output.flag("a"))),
                "value 'a' is handed on twice");
        refused(
                p -> {
                    FunctionHandle function = p.function("f", Stage1.class);
                    for (int i = 0; i <= Output.MOST; i++) {
                        function.outputs(Output.text("v" + i));
                    }
                },
                "at most 20 values");
        refused(p -> p.build("build", WORK.outputs(Output.text("Version"))), "value name 'Version'");
    }

    @Test
    void a_value_of_another_pipeline_or_of_the_stage_itself_is_refused() {
        List<ValueHandle<?>> stolen = new ArrayList<>();
        Pipeline.define(
                "other",
                p -> stolen.add(
                        p.build("build", WORK.outputs(Output.text("version"))).value("version")));
        refused(
                p -> p.test("unit", WORK.env("V", stolen.get(0))),
                "value 'version' of stage 'build' belongs to pipeline 'other'");
        refused(
                p -> {
                    FunctionHandle function = p.function("f", Stage1.class).outputs(Output.text("version"));
                    function.env("V", function.value("version"));
                },
                "uses its own value 'version'");
    }

    @Test
    void using_a_value_is_the_edge() {
        Plan plan = Pipeline.define("shop", p -> {
                    WorkHandle build = p.build("build", WORK.outputs(Output.text("version")));
                    p.test("unit", WORK.env("V", build.value("version")));
                    p.function("f", Stage1.class).env("V", build.value("version"));
                })
                .plan();

        for (Stage stage : plan.stages().subList(1, 3)) {
            assertThat(stage.needs().reads()).containsExactly(new Input.Handed("build", "version"));
        }
        assertThat(Plan.parse(plan.bytes())).isEqualTo(plan);
    }

    @Test
    void caches_and_services_that_cannot_be_are_refused() {
        refused(p -> p.build("b", WORK.caching("m2", "/home/ada/.m2", "pom.xml")), "/home/ada/.m2");
        refused(
                p -> p.build("b", WORK.caching("m2", ".m2")),
                "cache 'm2' has 0 patterns of key files; it needs 1 to 20");
        refused(
                p -> p.build("b", WORK.caching("m2", ".m2", "pom.xml").caching("more", ".m2/more", "pom.xml")),
                "caches 'm2' at .m2 and 'more' at .m2/more lie at or within the same place");
        refused(p -> p.build("b", WORK.with(Service.service("DB", "postgres"))), "'DB'");
        refused(p -> p.build("b", WORK.with(Service.service("db", "post gres"))), "such as 'postgres:16'");
        refused(
                p -> p.build("b", WORK.with(Service.service("db", "a"), Service.service("db", "b"))),
                "service 'db' is there twice");
    }

    @Test
    void a_parameter_says_what_it_may_be() {
        refused(p -> p.parameter("Region"), "parameter name 'Region'");
        refused(
                p -> {
                    p.parameter("region");
                    p.parameter("region");
                },
                "parameter name 'region' is taken");
        refused(p -> p.parameter("region").choices(), "one or more");
        refused(p -> p.parameter("region").choices("eu", "eu"), "each named once");
        refused(p -> p.parameter("region").choices("e\nu"), "a choice cannot be 'e?u'");
        refused(p -> p.parameter("n").between(2, 1), "no number between 2 and 1");
        refused(p -> p.parameter("n").between(1, 2).flag(), "parameter 'n' is a number from 1 to 2 already");
        refused(
                p -> {
                    p.build("build", WORK);
                    p.parameter("region").choices("eu", "us").defaultsTo("asia");
                },
                "the default of parameter 'region' cannot be 'asia'; it may be eu or us");
        refused(
                p -> {
                    for (int i = 0; i <= Parameter.MOST; i++) {
                        p.parameter("p" + i);
                    }
                },
                "at most 20 parameters");
    }

    @Test
    void a_pipeline_that_a_push_starts_has_defaults_for_all_its_parameters() {
        refused(
                p -> {
                    p.on(push().to("main"));
                    p.parameter("region");
                    p.build("build", WORK);
                },
                "parameter 'region' of pipeline 'shop' needs a default");
    }

    @Test
    void what_a_pipeline_returns_is_its_own_and_named_once() {
        List<WorkHandle> stolen = new ArrayList<>();
        Pipeline.define(
                "other",
                p -> stolen.add(p.build("build", WORK.writes("jar", "a.jar").outputs(Output.text("version")))));
        refused(
                p -> p.returns("version", stolen.get(0).value("version")),
                "value 'version' of stage 'build' belongs to pipeline 'other' and cannot be returned by pipeline 'shop'");
        refused(
                p -> p.returns("jar", stolen.get(0).artifact("jar")),
                "artifact 'jar' of stage 'build' belongs to pipeline 'other'");
        refused(
                p -> {
                    WorkHandle build = p.build("build", WORK.writes("jar", "a.jar"));
                    p.returns("jar", build.artifact("jar"));
                    p.returns("jar", build.artifact("jar"));
                },
                "the pipeline returns 'jar' twice");
        refused(
                p -> p.build("build", WORK.env("R", parameterOfAnother())),
                "parameter 'region' belongs to pipeline 'other'");
    }

    private static ParameterHandle parameterOfAnother() {
        List<ParameterHandle> stolen = new ArrayList<>();
        Pipeline.define("other", p -> {
            stolen.add(p.parameter("region"));
            p.build("build", WORK);
        });
        return stolen.get(0);
    }

    @Test
    void a_plan_is_read_as_it_was_written() {
        Plan plan = Pipeline.define("shop", p -> {
                    p.parameter("region").choices("eu", "us").defaultsTo("eu");
                    p.parameter("n").between(-1, 3);
                    p.parameter("dry").flag();
                    p.parameter("note");
                    WorkHandle build = p.build("build", WORK.writes("jar", "a.jar"));
                    p.returns("app", build.artifact("jar"));
                    p.deploy(build.artifact("jar"), environment("production"))
                            .after(p.approval("release", anyOf("ada")).after(build));
                })
                .plan();

        assertThat(Plan.parse(plan.bytes())).isEqualTo(plan);
        assertThat(Plan.parse(plan.bytes()).fingerprint()).isEqualTo(plan.fingerprint());
    }

    /** A function stage. */
    public static final class Stage1 implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }
}
