// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Needs;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.deliveries.CloudDeployDeliveries;
import dev.cumulane.gcp.deliveries.GcpEnvironment;
import dev.cumulane.gcp.deliveries.PipelineEnvironment;
import dev.cumulane.gcp.work.BuildEvents;
import dev.cumulane.gcp.work.WorkNames;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is installed.
 *
 * @param work what everything is called
 * @param environments what the environments are bound to
 * @param code what runs in the functions
 * @param ingressSecrets references of the secrets that ingress reads; the key of tickets is always among them
 * @param engineSecrets references of the secrets that the engine reads; likewise
 * @param needs what the pipelines need
 */
record Installation(
        WorkNames work,
        SortedMap<String, GcpEnvironment> environments,
        Blueprint.Code code,
        List<String> ingressSecrets,
        List<String> engineSecrets,
        Needs needs) {
    /** Copies the collections. */
    Installation {
        environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        ingressSecrets = withTicketKey(ingressSecrets);
        engineSecrets = withTicketKey(engineSecrets);
    }

    private static List<String> withTicketKey(List<String> references) {
        return Stream.concat(Stream.of(DataResources.TICKET_KEY), references.stream())
                .sorted()
                .distinct()
                .toList();
    }

    GcpNames names() {
        return work.names();
    }

    /** The references of all secrets that anybody reads. */
    NavigableSet<String> secrets() {
        NavigableSet<String> all = new TreeSet<>(needs.secrets());
        all.addAll(ingressSecrets);
        all.addAll(engineSecrets);
        return all;
    }

    /** What the pipelines deploy to. */
    List<GcpEnvironment> bound() {
        return needs.environments().stream().map(this::bound).toList();
    }

    private GcpEnvironment bound(String environment) {
        return Optional.ofNullable(environments.get(environment))
                .orElseThrow(() -> new IllegalArgumentException("a pipeline deploys to environment '" + environment
                        + "', which cloud gcp has no binding for; it has: "
                        + (environments.isEmpty() ? "none" : String.join(", ", environments.keySet()))));
    }

    /** Topics on which services tell of their work, by what our subscriptions are called. The project has them once. */
    SortedMap<String, String> sharedTopics() {
        SortedMap<String, String> topics = new TreeMap<>();
        if (!needs.builds().isEmpty()) {
            topics.put("builds", BuildEvents.TOPIC);
        }
        if (bound().stream().anyMatch(PipelineEnvironment.class::isInstance)) {
            CloudDeployDeliveries.TOPICS.forEach(topic -> topics.put(topic.substring(topic.indexOf('-') + 1), topic));
        }
        return topics;
    }

    /** A function's name. */
    String function(String role) {
        return names().namespace() + "-" + role;
    }
}
