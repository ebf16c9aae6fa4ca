// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Cloud Build tells of builds on the topic {@code cloud-builds}: the build itself, each time its status changes. All builds of the project come there, ours are known by
 * their tags. A message may be lost, come twice, or come in another order; it is believed no more than that it is worth looking.
 */
public final class BuildEvents {
    /** The topic's name, which is Cloud Build's own choice. */
    public static final String TOPIC = "cloud-builds";

    private static final Set<String> OVER =
            Set.of("SUCCESS", "FAILURE", "INTERNAL_ERROR", "TIMEOUT", "CANCELLED", "EXPIRED");

    private static final String RUN = "run-";
    private static final String STAGE = "stage-";
    private static final String ATTEMPT = "attempt-";

    private BuildEvents() {}

    /**
     * The attempt that a message says is over.
     *
     * @param namespace of the installation
     * @param build the message's data: a build, as the API answers it
     * @return the attempt; empty if the build goes on, or is not of this installation
     */
    public static Optional<AttemptId> over(String namespace, JsonNode build) {
        List<String> tags = new ArrayList<>();
        build.path("tags").forEach(tag -> tags.add(tag.asText()));
        return OVER.contains(build.path("status").asText()) ? attempt(namespace, tags) : Optional.empty();
    }

    /** The tags of an attempt's build. */
    static List<String> tags(String namespace, AttemptId attempt) {
        return List.of(
                installation(namespace),
                RUN + attempt.run().value(),
                STAGE + attempt.stage(),
                ATTEMPT + attempt.number());
    }

    /** The attempt that a build's tags name. */
    static Optional<AttemptId> attempt(String namespace, Collection<String> tags) {
        String number = rest(tags, ATTEMPT);
        String stage = rest(tags, STAGE);
        if (!tags.contains(installation(namespace)) || stage.isEmpty() || !number.matches("[1-9][0-9]{0,5}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AttemptId(new RunId(rest(tags, RUN)), stage, Integer.parseInt(number)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String installation(String namespace) {
        return "cumulane-" + namespace;
    }

    private static String rest(Collection<String> tags, String first) {
        return tags.stream()
                .filter(tag -> tag.startsWith(first))
                .map(tag -> tag.substring(first.length()))
                .findFirst()
                .orElse("");
    }
}
