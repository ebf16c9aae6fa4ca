// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import com.google.common.io.BaseEncoding;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.forge.ForgeApi;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.internal.source.Delivery;
import dev.cumulane.internal.source.Reading;
import dev.cumulane.internal.source.Webhooks;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forks;
import dev.cumulane.source.Happening;
import dev.cumulane.source.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what an authentic delivery tells of a repository, and does what follows from it. A delivery is done with once its outcome is recorded; until then it may come
 * again, and all that it does may be done again: the names of runs follow from what they are for.
 */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final String UNWANTED = "the commit's message asks for no run: [skip ci]";

    private final Cloud cloud;
    private final EngineCore core;
    private final Repository repository;
    private final Logbook logbook;
    private final Optional<ForgeApi> api;
    private final Authors authors;
    private final Comments comments;

    Intake(
            Cloud cloud,
            EngineCore core,
            Repository repository,
            Logbook logbook,
            Optional<ForgeApi> api,
            Authors authors) {
        this.cloud = cloud;
        this.core = core;
        this.repository = repository;
        this.logbook = logbook;
        this.api = api;
        this.authors = authors;
        this.comments = new Comments(core, repository, api, authors);
    }

    /** Handles a delivery; when this returns, its message is done with. */
    void handle(Signal.Delivered delivered) {
        if (logbook.known().has(delivered.id(), delivered.body())) {
            return;
        }
        byte[] body = body(delivered);
        Reading reading = read(delivered, body);
        if (reading instanceof Reading.Malformed malformed) {
            keepAside(delivered, body, malformed.why());
        } else if (reading instanceof Reading.Told told) {
            Effects effects = new Effects();
            told.happenings().forEach(happening -> follow(happening, effects));
            if (!effects.isEmpty() && !isKnown(effects)) {
                record(
                        delivered,
                        RepositoryEvent.Handled.of(
                                delivered.id(), delivered.body(), effects.runs(), effects.refused()));
            }
        } else {
            LOG.debug("Delivery {} of repository '{}' tells nothing", delivered.id(), repository.name());
        }
    }

    /** Whether all that happened is that somebody who may command nothing is refused once more: anybody's comments cost no record each, nor push out what is remembered. */
    private boolean isKnown(Effects effects) {
        return effects.runs().isEmpty()
                && effects.ofStrangers
                && logbook.known().refused().stream()
                        .map(Logbook.Memory.Refused::what)
                        .toList()
                        .containsAll(effects.refused());
    }

    /** What a delivery led to. */
    static final class Effects {
        private final List<RunId> runs = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private boolean ofStrangers;

        void started(List<RunId> more) {
            runs.addAll(more);
        }

        void refused(String why) {
            LOG.info("A command below a change request is refused: {}", why);
            refused.add(why);
        }

        /** It is refused because of who asks. */
        void refusedStranger(String why) {
            refused(why);
            ofStrangers = true;
        }

        List<RunId> runs() {
            return runs;
        }

        List<String> refused() {
            return refused;
        }

        boolean isEmpty() {
            return runs.isEmpty() && refused.isEmpty();
        }
    }

    private byte[] body(Signal.Delivered delivered) {
        if (delivered.inline().isPresent()) {
            return BaseEncoding.base64().decode(delivered.inline().get());
        }
        return cloud.artifacts()
                .read(delivered.body(), Webhooks.MOST_BYTES)
                .orElseThrow(() -> CloudException.permanent(
                        "artifact store", "the body " + delivered.body() + " of a delivery is not there"));
    }

    /** A reader that fails must not keep the delivery in the queue for ever. */
    private Reading read(Signal.Delivered delivered, byte[] body) {
        Delivery delivery = new Delivery(repository.name(), delivered.event(), delivered.id(), delivered.body());
        try {
            return Webhooks.read(repository, delivery, body);
        } catch (RuntimeException e) {
            LOG.error("Delivery {} of repository '{}' could not be read", delivered.id(), repository.name(), e);
            return new Reading.Malformed("it could not be read: " + e.getClass().getSimpleName());
        }
    }

    private void keepAside(Signal.Delivered delivered, byte[] body, String why) {
        Digest stored = cloud.artifacts().put(body);
        LOG.error(
                "A delivery of repository '{}' is authentic and cannot be read; its body is kept as {}: {}",
                repository.name(),
                stored,
                why);
        record(delivered, new RepositoryEvent.KeptAside(delivered.id(), stored, why));
    }

    private void record(Signal.Delivered delivered, RepositoryEvent event) {
        logbook.record(known -> known.has(delivered.id(), delivered.body()) ? Optional.empty() : Optional.of(event));
    }

    private void follow(Happening happening, Effects effects) {
        if (happening instanceof Happening.Head head) {
            effects.started(begin(new Happening.Head(authors.named(head.event()), head.skip(), head.draft())));
        } else if (happening instanceof Happening.Hinted hinted) {
            effects.started(ask(hinted.change()));
        } else if (happening instanceof Happening.Commented commented) {
            comments.follow(commented, effects);
        }
    }

    /** A change request of which the delivery tells too little. Without anybody to ask, the next survey has nobody to ask either. */
    private List<RunId> ask(String change) {
        return api.flatMap(forge -> forge.change(change))
                .map(event -> begin(new Happening.Head(event, false, false)))
                .orElse(List.of());
    }

    private List<RunId> begin(Happening.Head head) {
        return mayRun(repository, head.event())
                ? core.handle(head.event(), head.skip() ? Optional.of(UNWANTED) : Optional.empty())
                : List.of();
    }

    /** Whether a head may run without anybody's word. */
    static boolean mayRun(Repository repository, SourceEvent head) {
        return head.trust() != TrustLevel.UNTRUSTED || repository.forks() == Forks.WITHOUT_SECRETS;
    }
}
