// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.forge.Accesses;
import dev.cumulane.internal.forge.ForgeAccess;
import dev.cumulane.internal.forge.ForgeApi;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.people.People;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Forks;
import dev.cumulane.source.KeptAside;
import dev.cumulane.source.Repository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source repositories of an engine: what they told, and what they did not tell. Safe for use by several threads. */
public final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private static final Duration LONGEST_SWEEP = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Coding coding;
    private final Schedules schedules;
    private final SortedMap<String, Source> sources = new TreeMap<>();

    private record Source(
            Repository repository, Intake intake, Logbook logbook, Optional<ForgeApi> api, Optional<Survey> survey) {}

    /**
     * What is configured of source repositories.
     *
     * @param repositories the repositories
     * @param pace how often forges are asked for what no webhook told
     * @param people what forges call those whom approvals name
     */
    public record Setup(List<Repository> repositories, Duration pace, People people) {
        /** Copies the list. */
        public Setup {
            repositories = List.copyOf(repositories);
        }
    }

    /** The repositories. Calls no port yet. */
    public Sources(Cloud cloud, Coding coding, EngineCore core, Accesses accesses, Setup setup) {
        this.clock = cloud.clock();
        this.coding = coding;
        this.schedules = new Schedules(core, this::repository, this::head);
        for (Repository repository : setup.repositories()) {
            requireKept(cloud, repository);
            Source source = source(cloud, core, accesses.of(repository), repository, setup);
            if (sources.put(repository.name(), source) != null) {
                throw new IllegalArgumentException("two repositories are called '" + repository.name() + "'");
            }
            core.name(repository.url(), repository.name());
        }
    }

    private static void requireKept(Cloud cloud, Repository repository) {
        if (repository.forks() != Forks.NEVER && !cloud.capabilities().contains(Capability.UNTRUSTED_WORK)) {
            throw new IllegalArgumentException(
                    "repository '" + repository.name() + "' lets change requests from forks run ("
                            + repository.forks() + "), and cloud " + cloud.name()
                            + " does not keep their work from its secrets: leave forks(NEVER), or tell the cloud that it may run them,"
                            + " which the local one calls runningForks()");
        }
    }

    private static Source source(Cloud cloud, EngineCore core, ForgeAccess access, Repository repository, Setup setup) {
        Authors authors = new Authors(setup.people(), repository.forge());
        Optional<ForgeApi> api = ForgeApi.of(
                        repository, access, cloud.capabilities().contains(Capability.GIT))
                .map(authors::named);
        Logbook logbook = new Logbook(cloud, repository.name());
        return new Source(
                repository,
                new Intake(cloud, core, repository, logbook, api, authors),
                logbook,
                api,
                api.map(forge -> new Survey(cloud, core, repository, logbook, forge, setup.pace())));
    }

    /**
     * Finds what nobody told: that it is time, and heads without a run. What fails is tried again at the next sweep. Forges that hang hold nobody up for long: after half a
     * minute it ends, and the next sweep begins with those that were not asked.
     */
    public void sweep() {
        Instant now = clock.instant();
        guarded("the schedules", () -> schedules.look(now));
        List<Source> asked = new ArrayList<>();
        sources.values().stream().filter(source -> source.survey().isPresent()).forEach(asked::add);
        asked.sort(Comparator.comparing(source -> source.survey().orElseThrow().last()));
        for (Source source : asked) {
            if (clock.instant().isAfter(now.plus(LONGEST_SWEEP))) {
                return;
            }
            guarded(
                    "repository '" + source.repository().name() + "'",
                    () -> source.survey().orElseThrow().lookIfDue(now));
        }
    }

    private static void guarded(String what, Runnable look) {
        try {
            look.run();
        } catch (CloudException e) {
            LOG.warn("A look at {} did not go through and is repeated: {}: {}", what, e.service(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A look at {} failed and is repeated", what, e);
        }
    }

    private Optional<Repository> repository(Trigger.Cron cron) {
        boolean one = cron.repositories().isEmpty() && sources.size() == 1;
        String name = one ? sources.firstKey() : String.join("", cron.repositories());
        return Optional.ofNullable(sources.get(name)).map(Source::repository);
    }

    private Optional<Commit> head(Repository repository, String ref) {
        return Optional.ofNullable(sources.get(repository.name()))
                .flatMap(Source::api)
                .flatMap(api -> api.heads().stream()
                        .map(SourceEvent.Pushed::commit)
                        .filter(commit -> commit.ref().equals(ref))
                        .findFirst());
    }

    /** The repositories' short names, sorted. */
    public List<String> names() {
        return List.copyOf(sources.keySet());
    }

    /** Handles a message about a repository. */
    public void handle(SignalEnvelope envelope) {
        StreamId stream = envelope.stream();
        Source source = sources.get(stream.name());
        if (source == null) {
            LOG.warn("Message {} for repository '{}' is dropped: no such repository", envelope.id(), stream.name());
            return;
        }
        Signal signal;
        try {
            signal = coding.signal(envelope.bytes());
        } catch (MalformedJsonException e) {
            throw CloudException.permanent(
                    "signals", "signal " + envelope.id() + " cannot be read by this version: " + e.getMessage(), e);
        }
        if (signal instanceof Signal.Delivered delivered) {
            source.intake().handle(delivered);
        }
    }

    /**
     * A command below a change request that was not done.
     *
     * @param what the command, and why not
     * @param at when
     */
    public record RefusedCommand(String what, Instant at) {}

    /** The commands in a repository that were refused, the oldest first. */
    public List<RefusedCommand> refusedCommands(String repository) {
        return source(repository).logbook().latest().refused().stream()
                .map(refused -> new RefusedCommand(refused.what(), refused.at()))
                .toList();
    }

    /** The deliveries of a repository that were kept aside, the oldest first. */
    public List<KeptAside> keptAside(String repository) {
        return source(repository).logbook().latest().aside().stream()
                .map(aside -> new KeptAside(
                        aside.what().delivery(),
                        aside.what().body(),
                        aside.what().why(),
                        aside.at()))
                .toList();
    }

    private Source source(String repository) {
        Source source = sources.get(repository);
        if (source == null) {
            throw new IllegalArgumentException("there is no repository '" + repository.replaceAll("\\p{Cntrl}", "?")
                    + "'; there are: " + (sources.isEmpty() ? "none" : String.join(", ", sources.keySet())));
        }
        return source;
    }
}
