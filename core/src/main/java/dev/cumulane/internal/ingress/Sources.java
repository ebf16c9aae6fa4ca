// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.source.KeptAside;
import dev.cumulane.source.Repository;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source repositories of an engine: what they told, and what they did not tell. Safe for use by several threads. */
public final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private final Coding coding;
    private final SortedMap<String, Source> sources = new TreeMap<>();

    private record Source(Repository repository, Intake intake, Logbook logbook) {}

    /** The repositories. Calls no port yet. */
    public Sources(Cloud cloud, Coding coding, EngineCore core, List<Repository> repositories) {
        this.coding = coding;
        for (Repository repository : repositories) {
            Logbook logbook = new Logbook(cloud, repository.name());
            Intake intake = new Intake(cloud, core, repository, logbook, Optional.empty());
            if (sources.put(repository.name(), new Source(repository, intake, logbook)) != null) {
                throw new IllegalArgumentException("two repositories are called '" + repository.name() + "'");
            }
            core.name(repository.url(), repository.name());
        }
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

    /** The deliveries of a repository that were kept aside, the oldest first. */
    public List<KeptAside> keptAside(String repository) {
        Source source = sources.get(repository);
        if (source == null) {
            throw new IllegalArgumentException("there is no repository '" + repository.replaceAll("\\p{Cntrl}", "?")
                    + "'; there are: " + (sources.isEmpty() ? "none" : String.join(", ", sources.keySet())));
        }
        return source.logbook().latest().aside().stream()
                .map(aside -> new KeptAside(
                        aside.what().delivery(),
                        aside.what().body(),
                        aside.what().why(),
                        aside.at()))
                .toList();
    }
}
