// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What must be known of a run's past to tell of its next event. Takes a history's events in order; for one thread. */
final class Story {
    private static final Pattern CREDENTIALS = Pattern.compile("^([a-z][a-z0-9+.-]*://)[^/@]*@");

    private final Plan plan;
    private final Map<String, Stage> stages = new LinkedHashMap<>();
    private final Map<String, List<String>> cells = new HashMap<>();
    private final Map<String, Instant> began = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Map<String, RunId> reused = new HashMap<>();
    private final Map<String, String> services = new HashMap<>();
    private Optional<RunEvent.RunStarted> started = Optional.empty();

    Story(Plan plan) {
        this.plan = plan;
        plan.stages().forEach(stage -> stages.put(stage.name(), stage));
    }

    /** Takes the next event. */
    void next(Instant at, RunEvent event) {
        if (event instanceof RunEvent.RunStarted run) {
            started = Optional.of(run);
        } else if (event instanceof RunEvent.StageScheduled scheduled) {
            begin(scheduled.stage(), at);
            services.remove(scheduled.stage());
        } else if (event instanceof RunEvent.WorkStarted work) {
            services.put(work.stage(), work.service());
        } else if (event instanceof RunEvent.ApprovalRequested asked) {
            begin(asked.stage(), at);
        } else if (event instanceof RunEvent.EnvironmentAsked asked) {
            begin(asked.stage(), at);
        } else if (event instanceof RunEvent.AttemptFinished finished) {
            open.remove(finished.stage());
        } else if (event instanceof RunEvent.FannedOut fanned && stage(fanned.stage()) instanceof Stage.FanOut whole) {
            IntStream.rangeClosed(1, fanned.cells()).mapToObj(whole::cell).forEach(cell -> {
                stages.put(cell.name(), cell);
                cells.computeIfAbsent(whole.name(), name -> new ArrayList<>()).add(cell.name());
            });
        } else if (event instanceof RunEvent.StageReused taken) {
            reused.put(taken.stage(), taken.from());
        } else if (event instanceof RunEvent.StageFinished finished) {
            verdicts.put(finished.stage(), finished.verdict());
        }
    }

    private void begin(String stage, Instant at) {
        began.put(stage, at);
        open.add(stage);
    }

    Plan plan() {
        return plan;
    }

    RunEvent.RunStarted started() {
        return started.orElseThrow(() -> new IllegalStateException("a history begins with the start of its run"));
    }

    RunId run() {
        return started().run();
    }

    /** The repository's address, without the password that some addresses hold. */
    String repository() {
        return repository(started().source().commit());
    }

    static String repository(Commit commit) {
        return CREDENTIALS.matcher(commit.repository()).replaceFirst("$1");
    }

    Stage stage(String name) {
        Stage stage = stages.get(name);
        if (stage == null) {
            throw new IllegalStateException("the plan of " + run() + " has no stage '" + name + "'");
        }
        return stage;
    }

    /** When the current attempt, or the waiting, of a stage began. */
    Optional<Instant> began(String stage) {
        return Optional.ofNullable(began.get(stage));
    }

    /** Whether an attempt, or the waiting, of a stage has begun and no event has said that it ended; the end of the stage ends it, too. */
    boolean isOpen(String stage) {
        return open.contains(stage);
    }

    /** What the service calls the work of the current attempt of a stage. */
    Optional<String> service(String stage) {
        return Optional.ofNullable(services.get(stage));
    }

    /** The run in which a stage really ran, if it was another one. */
    Optional<RunId> reused(String stage) {
        return Optional.ofNullable(reused.get(stage));
    }

    /** An artifact of an earlier stage. */
    record Written(String stage, Produced artifact) {}

    /** The artifacts that a stage reads, as far as they were written. */
    List<Written> inputs(Stage stage) {
        List<Written> inputs = new ArrayList<>();
        for (Input input : stage.needs().reads()) {
            if (input instanceof Artifact artifact) {
                find(artifact.stage(), artifact.name()).ifPresent(inputs::add);
            } else if (input instanceof Input.Collected collected) {
                members(collected.group())
                        .forEach(member -> find(member, collected.name()).ifPresent(inputs::add));
            }
        }
        return inputs;
    }

    private List<String> members(String group) {
        return stage(group) instanceof Stage.Group gathered
                ? gathered.members().stream().map(Stage.Member::stage).toList()
                : cells.getOrDefault(group, List.of());
    }

    Optional<Written> find(String stage, String name) {
        return Optional.ofNullable(verdicts.get(stage)).stream()
                .flatMap(verdict -> verdict.artifacts().stream())
                .filter(artifact -> artifact.name().equals(name))
                .map(artifact -> new Written(stage, artifact))
                .findFirst();
    }

    /** The bill of materials among what a stage wrote, if one is. */
    static Optional<Produced> bill(Stage stage, List<Produced> written) {
        return stage.writes().stream()
                .filter(file -> MediaTypes.of(file.path()).isPresent())
                .flatMap(file -> written.stream().filter(each -> each.name().equals(file.name())))
                .findFirst();
    }

    /** An artifact's package URL; the digest alone says which bytes they are. */
    String purl(Written written) {
        return "pkg:generic/" + started().pipeline() + "/" + written.stage() + "/"
                + written.artifact().name() + "@sha256%3A" + written.artifact().digest();
    }
}
