// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.deliveries.AwsEnvironment;
import dev.cumulane.aws.work.BuildSettings;
import dev.cumulane.cloud.Blueprint;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is installed, beside what the pipelines need.
 *
 * @param names what everything is called
 * @param builds how builds are run
 * @param environments what the environments are bound to
 * @param code what runs in the functions
 * @param ingressSecrets references of the secrets that ingress reads; the key of tickets is always among them
 * @param engineSecrets references of the secrets that the engine reads; likewise
 */
record Installation(
        AwsNames names,
        BuildSettings builds,
        SortedMap<String, AwsEnvironment> environments,
        Blueprint.Code code,
        List<String> ingressSecrets,
        List<String> engineSecrets) {
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
}
