// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Repository;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts runs when it is time. Nothing is remembered but in memory: the name of a run follows from the time that it is for, so that it starts once whoever looks, and
 * however often. A time that nobody looked at within an hour is not made up for.
 */
final class Schedules {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final Duration MADE_UP = Duration.ofHours(1);
    private static final String NO_COMMIT = "0".repeat(40);

    private final EngineCore core;
    private final Function<Trigger.Cron, Optional<Repository>> repositories;
    private final BiFunction<Repository, String, Optional<Commit>> heads;
    private final Set<RunId> begun = new HashSet<>();

    /**
     * Schedules.
     *
     * @param repositories the repository that a schedule is for
     * @param heads the head of a ref of a repository as it is now
     */
    Schedules(
            EngineCore core,
            Function<Trigger.Cron, Optional<Repository>> repositories,
            BiFunction<Repository, String, Optional<Commit>> heads) {
        this.core = core;
        this.repositories = repositories;
        this.heads = heads;
    }

    synchronized void look(Instant now) {
        for (Plan plan : core.plans().values()) {
            for (Trigger trigger : plan.triggers()) {
                if (trigger instanceof Trigger.Cron cron) {
                    cron.schedule().last(now.minus(MADE_UP), now).ifPresent(at -> begin(plan.pipeline(), cron, at));
                }
            }
        }
    }

    private void begin(String pipeline, Trigger.Cron cron, Instant at) {
        Optional<Repository> repository = repositories.apply(cron);
        if (repository.isEmpty()) {
            return;
        }
        String ref = "refs/heads/" + cron.branch();
        RunId run = core.named(pipeline, event(repository.get(), pipeline, ref, NO_COMMIT, at));
        if (begun.contains(run) || core.hasEnded(run).isPresent()) {
            begun.add(run);
            return;
        }
        Optional<Commit> head = heads.apply(repository.get(), ref);
        if (head.isPresent()) {
            core.start(
                    pipeline, event(repository.get(), pipeline, ref, head.get().id(), at));
            begun.add(run);
        } else {
            LOG.warn(
                    "It is time for pipeline '{}', but repository '{}' has no branch '{}', or nobody can be asked",
                    pipeline,
                    repository.get().name(),
                    cron.branch());
        }
    }

    private static SourceEvent event(Repository repository, String pipeline, String ref, String commit, Instant at) {
        return new SourceEvent.Scheduled(
                new Commit(repository.url(), ref, commit), pipeline, at, repository.trustIn(ref));
    }
}
