// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules by which a stage takes over a past success of its own, from whatever run. */
final class Reuse {
    /** How long a past success is looked for; a store that does not answer by then has none. */
    private static final Duration LONGEST_RECALL = Duration.ofMinutes(15);

    private Reuse() {}

    /** What an event of a stage that does not run again changes; empty for other events. */
    static Optional<Change> fold(RunProgress run, RunEvent event, Instant at) {
        if (event instanceof RunEvent.ReuseSought sought) {
            int stage = run.known(sought.stage());
            StageSlot next = run.slot(stage).begun(at).seeking(sought.key());
            return Change.of(stage, next.in(Phase.RECALLING, at.plus(LONGEST_RECALL)));
        }
        if (event instanceof RunEvent.StageReused reused) {
            int stage = run.known(reused.stage());
            return Change.of(stage, run.slot(stage).begun(at).from(reused.from()));
        }
        return Optional.empty();
    }

    /**
     * All that a stage's work depends on, as it is hashed. The stage's entry in the plan says commands, image, constants and references of secrets.
     *
     * @param pipeline the pipeline's name
     * @param trust how far the run is trusted: what less trusted work wrote, perhaps with a cache of its own, is not for others
     * @param stage the stage's entry in the plan
     * @param code the jar of a function stage
     * @param source the repository and the commit, if the stage reads the source
     * @param inputs the digests of what it reads, in the order of the plan
     * @param values the digests of parameters and of values that come from other stages, in the order of the variables' names
     */
    private record Basis(
            String pipeline,
            TrustLevel trust,
            Stage stage,
            Optional<Digest> code,
            Optional<String> source,
            List<String> inputs,
            List<String> values) {}

    /** In the place of the digest of what was not written. */
    private static final String ABSENT = "absent";

    /** The digest of all that a stage's work depends on; empty if the stage is to run in any case. */
    static Optional<Digest> key(RunProgress run, int stage) {
        Stage what = run.stage(stage);
        Optional<Limits> limits = Attempts.limitsOf(what);
        boolean wanted = limits.isPresent() && limits.get().reuse();
        // The code of a function that no digest names may be another one next time.
        boolean known =
                !(what instanceof Stage.Function) || run.plan().plan().code().isPresent();
        if (!wanted || !known || run.source().trust() == TrustLevel.UNTRUSTED) {
            return Optional.empty();
        }
        Optional<String> source = what.needs().reads().contains(new Input.Source())
                ? Optional.of(run.source().commit().repository() + " "
                        + run.source().commit().id())
                : Optional.empty();
        Basis basis = new Basis(
                run.plan().plan().pipeline(),
                run.source().trust(),
                template(run, stage),
                what instanceof Stage.Function ? run.plan().plan().code() : Optional.empty(),
                source,
                inputs(run, what),
                values(run, what));
        return Optional.of(Digest.of(RecordJson.write(Basis.class, basis)));
    }

    /** A cell's work depends on its item, not on its number. */
    private static Stage template(RunProgress run, int stage) {
        int whole = run.plan().groupOf(stage);
        return whole >= 0 && run.stage(whole) instanceof Stage.FanOut fanOut ? fanOut.template() : run.stage(stage);
    }

    private static List<String> inputs(RunProgress run, Stage stage) {
        List<String> inputs = new ArrayList<>();
        for (Input input : stage.needs().reads()) {
            if (input instanceof Artifact artifact) {
                inputs.add(written(verdict(run, artifact.stage()), artifact.name()));
            } else if (input instanceof Input.Collected collected) {
                for (String member : run.plan().members(collected.group())) {
                    inputs.add(written(run.gathered(collected.group(), member), collected.name()));
                }
            }
        }
        return inputs;
    }

    private static String written(Optional<Verdict> verdict, String artifact) {
        return verdict.stream()
                .flatMap(one -> one.artifacts().stream())
                .filter(one -> one.name().equals(artifact))
                .map(one -> one.digest().hex())
                .findFirst()
                .orElse(ABSENT);
    }

    private static List<String> values(RunProgress run, Stage stage) {
        List<String> values = new ArrayList<>();
        for (Value value : stage.env().values()) {
            if (value instanceof Value.Address address) {
                values.add(verdict(run, address.stage())
                        .flatMap(Verdict::address)
                        .map(Reuse::digest)
                        .orElse(ABSENT));
            } else if (value instanceof Value.Said said) {
                values.add(
                        digest(run.head().started().orElseThrow().parameters().getOrDefault(said.parameter(), "")));
            } else if (value instanceof Value.Handed handed) {
                values.add(verdict(run, handed.stage())
                        .map(verdict -> verdict.values().get(handed.name()))
                        .map(Reuse::digest)
                        .orElse(ABSENT));
            } else if (value instanceof Value.Collected collected) {
                for (String member : run.plan().members(collected.group())) {
                    values.add(run.gathered(collected.group(), member)
                            .map(verdict -> verdict.values().get(collected.name()))
                            .map(Reuse::digest)
                            .orElse(ABSENT));
                }
            } else if (value instanceof Value.Item item) {
                values.add(verdict(run, item.stage())
                        .map(verdict -> verdict.values().get(item.name()))
                        .map(list -> digest(list, item.number()))
                        .orElse(ABSENT));
            }
        }
        return values;
    }

    private static String digest(StageValue value) {
        return value instanceof StageValue.Stored stored
                ? stored.digest().hex()
                : digest(((StageValue.Inline) value).text());
    }

    /** Of a stored list the machine knows only what names the whole of it. */
    private static String digest(StageValue list, int number) {
        return Cells.known(list)
                .map(items -> digest(items.get(number - 1)))
                .orElseGet(() -> digest(digest(list) + " " + number));
    }

    private static String digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static Optional<Verdict> verdict(RunProgress run, String stage) {
        return run.slot(stage).flatMap(StageSlot::verdict);
    }

    static void take(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.Recalled recalled = (Signal.Recalled) signal.orElseThrow();
        if (!step.run().slot(stage).reuse().equals(Optional.of(recalled.key()))) {
            return;
        }
        if (recalled.past().isEmpty()) {
            run(step, stage, signal);
            return;
        }
        step.emit(
                stage,
                new RunEvent.StageReused(step.name(stage), recalled.past().get().from()));
        step.finish(stage, recalled.past().get().verdict());
    }

    static void run(Step step, int stage, Optional<Signal.ToStage> signal) {
        step.emit(stage, new RunEvent.StageScheduled(step.name(stage), 1));
    }
}
