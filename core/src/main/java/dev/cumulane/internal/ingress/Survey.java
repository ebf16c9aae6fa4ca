// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.forge.ForgeApi;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Repository;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what no webhook told: asks the forge for all heads and open change requests now and then, and starts the runs of those that are new.
 *
 * <p>What the first survey of a repository finds is taken as known, or a repository with a thousand old branches would start a thousand runs. A new head starts its run at
 * the second survey that sees it: its webhook, which tells more, is usually on its way. Of surveys of several processes at once each may start the same runs, which are the
 * same.
 */
final class Survey {
    private static final Logger LOG = LoggerFactory.getLogger(Survey.class);
    private static final String TAGS = "refs/tags/";

    /** What comes behind all tags in their order. */
    private static final String TAGS_END = "refs/tags0";

    private static final String CHANGES = "change ";

    /** What comes behind all change requests in their order. */
    private static final String CHANGES_END = "change!";

    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final Cloud cloud;
    private final EngineCore core;
    private final Repository repository;
    private final Logbook logbook;
    private final ForgeApi api;
    private final Duration pace;
    private SortedMap<String, String> noticed = Collections.emptySortedMap();
    private Optional<Instant> last = Optional.empty();

    /**
     * All heads at a time.
     *
     * @param heads by ref or by change request, the commit's id
     * @param tags whether tags were asked for
     * @param changes whether change requests were ever told
     */
    private record Heads(SortedMap<String, String> heads, boolean tags, boolean changes) {
        /** What counts as known before this survey, of what it found. */
        SortedMap<String, String> known(SortedMap<String, String> found, boolean nowTags) {
            SortedMap<String, String> known = new TreeMap<>(heads);
            if (nowTags && !tags) {
                known.putAll(found.subMap(TAGS, TAGS_END));
            }
            if (!changes) {
                known.putAll(found.subMap(CHANGES, CHANGES_END));
            }
            known.keySet().retainAll(found.keySet());
            return known;
        }
    }

    Survey(Cloud cloud, EngineCore core, Repository repository, Logbook logbook, ForgeApi api, Duration pace) {
        this.cloud = cloud;
        this.core = core;
        this.repository = repository;
        this.logbook = logbook;
        this.api = api;
        this.pace = pace;
    }

    /** When it was asked last; long ago if never. */
    synchronized Instant last() {
        return last.orElse(Instant.EPOCH);
    }

    /** Asks, if it is time to. */
    synchronized void lookIfDue(Instant now) {
        if (last.filter(at -> now.isBefore(at.plus(pace))).isEmpty()) {
            last = Optional.of(now);
            look(now);
        }
    }

    private void look(Instant now) {
        Map<String, SourceEvent> found = new LinkedHashMap<>();
        api.heads().forEach(head -> found.put(head.commit().ref(), head));
        boolean hasTags = wantsTags();
        if (hasTags) {
            api.tags().forEach(tag -> found.put(tag.commit().ref(), tag));
        }
        Optional<CloudException> failure = addChanges(found);
        SortedMap<String, String> current = new TreeMap<>();
        found.forEach((name, event) -> current.put(name, event.commit().id()));
        Optional<Heads> before = known();
        if (failure.isPresent()) {
            before.ifPresent(heads -> current.putAll(heads.heads().subMap(CHANGES, CHANGES_END)));
        }

        SortedMap<String, String> settled =
                before.map(heads -> heads.known(current, hasTags)).orElse(current);
        found.forEach((name, event) -> {
            String head = event.commit().id();
            boolean isNew = !head.equals(settled.get(name));
            if (isNew && head.equals(noticed.get(name))) {
                begin(event);
                settled.put(name, head);
            }
        });
        noticed = current;
        boolean hasChanges = failure.isEmpty() || before.filter(Heads::changes).isPresent();
        Heads after = new Heads(settled, hasTags, hasChanges);
        if (!before.equals(Optional.of(after))) {
            Digest stored = cloud.artifacts().put(RecordJson.write(Heads.class, after));
            logbook.record(memory -> Optional.of(new RepositoryEvent.Surveyed(stored, now)));
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Change requests are anybody's to open: why they could not be listed keeps no branch from its run. */
    private Optional<CloudException> addChanges(Map<String, SourceEvent> found) {
        try {
            api.openChanges().forEach(change -> found.put(CHANGES + change.change(), change));
            return Optional.empty();
        } catch (CloudException e) {
            return Optional.of(e);
        }
    }

    /** A repository may have thousands of tags: they are asked for only if a pipeline can run for one. */
    private boolean wantsTags() {
        return core.plans().values().stream()
                .flatMap(plan -> plan.triggers().stream())
                .anyMatch(Trigger.Tag.class::isInstance);
    }

    private void begin(SourceEvent event) {
        if (Intake.mayRun(repository, event)) {
            core.handle(event, Optional.empty())
                    .forEach(run -> LOG.debug("Run {} is for a head that a survey found", run));
        }
    }

    private Optional<Heads> known() {
        return logbook.latest().survey().map(RepositoryEvent.Surveyed::heads).map(digest -> {
            byte[] bytes = cloud.artifacts()
                    .read(digest, MOST_BYTES)
                    .orElseThrow(() -> CloudException.permanent(
                            "artifact store", "the last survey of repository '" + repository.name() + "' is gone"));
            try {
                return RecordJson.read(Heads.class, bytes, MOST_BYTES);
            } catch (MalformedJsonException e) {
                throw CloudException.permanent(
                        "artifact store",
                        "the last survey of repository '" + repository.name() + "' cannot be read: " + e.getMessage(),
                        e);
            }
        });
    }
}
