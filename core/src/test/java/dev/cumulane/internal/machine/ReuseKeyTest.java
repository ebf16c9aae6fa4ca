// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.pipeline.GroupHandle;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The digest under which a past success is looked for: another one for each thing that the work depends on, and for nothing else. */
class ReuseKeyTest {
    private static final Work WORK = container("alpine").runs("make");
    private static final Commit HEAD = Commit.commit("https://example.com/app.git", "1".repeat(40));

    private static Optional<Digest> key(Driver run) {
        return run.slot("it").reuse();
    }

    private static Driver begun(Consumer<PipelineDefinition> more) {
        return Driver.begun(Pipeline.define("app", more::accept));
    }

    private static Optional<Digest> key(Work work) {
        return key(begun(p -> p.build("it", work).reuseWhenUnchanged()));
    }

    private static Optional<Digest> keyAt(Commit commit, boolean readsSource) {
        Pipeline pipeline = Pipeline.define(
                "app",
                p -> p.build("it", readsSource ? WORK.reads(p.source()) : WORK).reuseWhenUnchanged());
        return key(Driver.begun(pipeline, new SourceEvent.Asked(commit, "ada"), new TreeMap<>()));
    }

    @Test
    void the_same_work_has_the_same_key_and_other_work_another() {
        assertThat(key(WORK)).isPresent().isEqualTo(key(WORK));
        assertThat(key(WORK.runs("make more"))).isPresent().isNotEqualTo(key(WORK));
        assertThat(key(WORK.env("A", "b"))).isPresent().isNotEqualTo(key(WORK));
        Digest tested = key(begun(p -> p.test("it", WORK).reuseWhenUnchanged())).orElseThrow();
        assertThat(key(WORK)).isNotEqualTo(Optional.of(tested));
        Pipeline other = Pipeline.define("other", p -> p.build("it", WORK).reuseWhenUnchanged());
        assertThat(key(Driver.begun(other))).isPresent().isNotEqualTo(key(WORK));
    }

    @Test
    void a_stage_that_nobody_wants_to_reuse_or_that_nobody_trusts_has_none() {
        assertThat(key(begun(p -> p.build("it", WORK)))).isEmpty();
        Pipeline pipeline = Pipeline.define("app", p -> p.build("it", WORK).reuseWhenUnchanged());
        for (TrustLevel trust : TrustLevel.values()) {
            SourceEvent push = new SourceEvent.Pushed(HEAD.at("refs/heads/main"), "ada", trust);
            assertThat(key(Driver.begun(pipeline, push, new TreeMap<>())).isPresent())
                    .as("%s", trust)
                    .isEqualTo(trust != TrustLevel.UNTRUSTED);
        }
    }

    @Test
    void what_less_trusted_work_wrote_is_not_for_others() {
        Pipeline pipeline = Pipeline.define("app", p -> p.build("it", WORK).reuseWhenUnchanged());
        assertThat(key(Driver.begun(
                        pipeline,
                        new SourceEvent.Pushed(HEAD.at("refs/heads/main"), "ada", TrustLevel.TRUSTED),
                        new TreeMap<>())))
                .isPresent()
                .isNotEqualTo(key(Driver.begun(
                        pipeline,
                        new SourceEvent.Pushed(HEAD.at("refs/heads/main"), "ada", TrustLevel.INTERNAL),
                        new TreeMap<>())));
    }

    @Test
    void the_commit_counts_for_who_reads_the_source_only() {
        Commit next = Commit.commit("https://example.com/app.git", "2".repeat(40));
        Commit moved = Commit.commit("https://example.com/moved.git", "1".repeat(40));
        assertThat(keyAt(HEAD, true))
                .isPresent()
                .isEqualTo(keyAt(HEAD.at("refs/heads/x"), true))
                .isNotEqualTo(keyAt(next, true))
                .isNotEqualTo(keyAt(moved, true));
        assertThat(keyAt(HEAD, false)).isEqualTo(keyAt(next, false)).isEqualTo(keyAt(moved, false));
    }

    private static Verdict wrote(Produced... artifacts) {
        return Verdict.success(artifacts);
    }

    private static Produced produced(String name, String bytes) {
        return new Produced(name, Digest.of(bytes.getBytes(StandardCharsets.UTF_8)), 10);
    }

    private static Optional<Digest> keyBehind(Verdict verdict) {
        Driver run = begun(p -> {
            var before = p.build("before", WORK.writes("jar", "app.jar").writes("docs", "docs"));
            p.build("it", WORK.reads(before.artifact("jar"))).reuseWhenUnchanged();
        });
        run.end("before", verdict);
        return key(run);
    }

    @Test
    void the_digest_of_an_artifact_counts_for_who_reads_it() {
        Produced jar = produced("jar", "one");
        Optional<Digest> key = keyBehind(wrote(produced("docs", "one"), jar));
        assertThat(key).isPresent().isEqualTo(keyBehind(wrote(produced("docs", "two"), jar)));
        assertThat(keyBehind(wrote(produced("docs", "one"), produced("jar", "two"))))
                .isNotEqualTo(key);
        assertThat(keyBehind(wrote(produced("docs", "one")))).isPresent().isNotEqualTo(key);
    }

    /** The key of who reads what a group wrote: of a that succeeded, and b, c that ended like this when that was known. */
    private static Optional<Digest> keyBehindGroup(String a, Verdict b, boolean bIsFirst) {
        Driver run = begun(p -> {
            Work writes = WORK.writes("report", "report.txt");
            GroupHandle all = p.group(
                    "all", atLeast(bIsFirst ? 2 : 1), p.build("a", writes), p.build("b", writes), p.build("c", writes));
            p.build("it", WORK.reads(all.artifacts("report"))).reuseWhenUnchanged();
        });
        if (bIsFirst) {
            run.end("b", b);
        }
        run.pass(java.time.Duration.ofSeconds(1));
        run.end("a", wrote(produced("report", a)));
        return key(run);
    }

    @Test
    void what_a_group_had_written_when_it_ended_counts_for_who_collects_it() {
        Verdict b = wrote(produced("report", "b"));
        Optional<Digest> both = keyBehindGroup("a", b, true);
        assertThat(both).isPresent().isEqualTo(keyBehindGroup("a", b, true));
        assertThat(keyBehindGroup("other", b, true)).isNotEqualTo(both);
        assertThat(keyBehindGroup("a", wrote(produced("report", "other")), true))
                .isNotEqualTo(both);
        assertThat(keyBehindGroup("a", b, false)).isPresent().isNotEqualTo(both);
    }

    @Test
    void what_a_member_wrote_after_its_group_had_ended_does_not_count() {
        Driver early = collecting();
        early.end("a", wrote(produced("report", "a")));
        early.succeed("slow");
        Driver late = collecting();
        late.end("a", wrote(produced("report", "a")));
        late.pass(java.time.Duration.ofSeconds(1));
        late.end("b", wrote(produced("report", "b")));
        late.succeed("slow");
        assertThat(key(late)).isPresent().isEqualTo(key(early));
    }

    private static Driver collecting() {
        return begun(p -> {
            Work writes = WORK.writes("report", "report.txt");
            GroupHandle all = p.group("all", atLeast(1), p.build("a", writes), p.build("b", writes));
            var slow = p.build("slow", WORK);
            p.build("it", WORK.reads(all.artifacts("report"))).after(slow).reuseWhenUnchanged();
        });
    }

    private static Optional<Digest> keySaying(String region) {
        Pipeline pipeline = Pipeline.define("app", p -> {
            var said = p.parameter("region").defaultsTo("eu");
            p.test("it", WORK.env("REGION", said)).reuseWhenUnchanged();
        });
        SortedMap<String, String> parameters = new TreeMap<>();
        parameters.put("region", region);
        return key(Driver.begun(pipeline, new SourceEvent.Asked(HEAD, "ada"), parameters));
    }

    @Test
    void a_parameter_counts_for_who_knows_it() {
        assertThat(keySaying("eu")).isPresent().isEqualTo(keySaying("eu")).isNotEqualTo(keySaying("us"));
    }

    private static Optional<Digest> keyHanded(StageValue value) {
        Driver run = begun(p -> {
            var before = p.build("before", WORK.outputs(Output.text("version")));
            p.build("it", WORK.env("VERSION", before.value("version"))).reuseWhenUnchanged();
        });
        SortedMap<String, StageValue> values = new TreeMap<>();
        values.put("version", value);
        run.end("before", new Verdict(Cause.COMPLETED, "", List.of(), Optional.empty(), Optional.empty(), values));
        return key(run);
    }

    @Test
    void a_value_counts_by_its_text_wherever_that_is_kept() {
        Optional<Digest> inline = keyHanded(new StageValue.Inline(ValueKind.TEXT, "1.0"));
        Digest text = Digest.of("1.0".getBytes(StandardCharsets.UTF_8));
        assertThat(inline)
                .isPresent()
                .isEqualTo(keyHanded(new StageValue.Stored(ValueKind.TEXT, text, 3)))
                .isNotEqualTo(keyHanded(new StageValue.Inline(ValueKind.TEXT, "1.1")))
                .isNotEqualTo(keyHanded(new StageValue.Stored(ValueKind.TEXT, Digest.of(new byte[0]), 3)));
    }

    private static Optional<Digest> keyWhere(String address) {
        Driver run = begun(p -> {
            var jar = p.build("jar", WORK.writes("jar", "app.jar"));
            var live = p.deploy("live", jar.artifact("jar"), environment("production"));
            p.build("it", WORK.env("APP", live.address())).reuseWhenUnchanged();
        });
        run.succeed("jar");
        run.grant("live", 1);
        while (run.phase("live") != Phase.FINISHED) {
            int index = run.slot("live").rollout().orElseThrow().index();
            run.tell(new Signal.StepOver("live", index, true, "", Optional.empty(), Optional.of(address)));
        }
        return key(run);
    }

    @Test
    void an_environment_s_address_counts_for_who_knows_it() {
        assertThat(keyWhere("http://a.example.com"))
                .isPresent()
                .isEqualTo(keyWhere("http://a.example.com"))
                .isNotEqualTo(keyWhere("http://b.example.com"));
    }

    private static Optional<Digest> keyOfFunction(Optional<Digest> code, String depth) {
        Plan plain = Pipeline.define("app", p -> {
                    var said = p.parameter("depth").defaultsTo("1");
                    p.function("it", EverythingPipeline.Inspect.class)
                            .env("DEPTH", said)
                            .reuseWhenUnchanged();
                })
                .plan();
        RunPlan plan = RunPlan.of(code.map(plain::withCode).orElse(plain));
        RunProgress run = RunProgress.before(plan);
        SortedMap<String, String> parameters = new TreeMap<>();
        parameters.put("depth", depth);
        Signal.Begin begin = Driver.begin(plan, Optional.empty());
        Machine.step(
                run,
                new Signal.Begin(begin.run(), begin.plan(), begin.source(), Optional.empty(), parameters),
                Driver.BEGINNING);
        return run.slot("it").orElseThrow().reuse();
    }

    @Test
    void a_function_counts_by_the_digest_of_its_code_and_has_no_key_without_one() {
        Optional<Digest> one = Optional.of(Digest.of(new byte[] {1}));
        Optional<Digest> two = Optional.of(Digest.of(new byte[] {2}));
        assertThat(keyOfFunction(Optional.empty(), "1")).isEmpty();
        assertThat(keyOfFunction(one, "1"))
                .isPresent()
                .isEqualTo(keyOfFunction(one, "1"))
                .isNotEqualTo(keyOfFunction(two, "1"))
                .isNotEqualTo(keyOfFunction(one, "2"));
    }

    @Test
    void the_code_of_functions_does_not_count_for_a_build() {
        Plan plan = Pipeline.define("app", p -> p.build("it", WORK).reuseWhenUnchanged())
                .plan();
        RunPlan coded = RunPlan.of(plan.withCode(Digest.of(new byte[] {1})));
        RunProgress run = RunProgress.before(coded);
        Machine.step(run, Driver.begin(coded, Optional.empty()), Driver.BEGINNING);
        assertThat(run.slot("it").orElseThrow().reuse()).isEqualTo(key(WORK));
    }
}
