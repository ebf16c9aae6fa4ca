// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What pipelines of Azure DevOps, their runs, their variable groups and the workers of function stages are called; who installs makes them under these names, the runners use them.
 *
 * @param names the names of the installation
 */
public record WorkNames(AzureNames names) {
    /** Stands in the name of a run where a key of an attempt has a slash, which Azure DevOps refuses there; no id of a run holds it. */
    private static final char SEPARATOR = '_';

    /**
     * The pipeline of Azure DevOps that builds a pipeline's runs of a trust level.
     *
     * @param pipeline the pipeline's name
     * @param trust the trust level
     * @return its name
     */
    public String project(String pipeline, TrustLevel trust) {
        return names.namespace() + "-" + pipeline + "-" + trust.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The variable group, linked to the key vault, that holds exactly these secrets for builds of one pipeline of Azure DevOps.
     *
     * @param project the name of that pipeline
     * @param references the references of the secrets
     * @return the group's name; empty for no secrets, which need no group
     */
    public String group(String project, Collection<String> references) {
        if (references.isEmpty()) {
            return "";
        }
        return names.namespace() + "-secrets-" + shortened(project, references);
    }

    private static String shortened(String first, Collection<String> references) {
        String text = first + "\n" + String.join("\n", new TreeSet<>(references));
        return Digest.of(text.getBytes(UTF_8)).hex().substring(0, 16);
    }

    /**
     * The worker for function stages of a trust level that are given exactly these secrets: its queue, and the part that tells its {@linkplain AzureNames#functionApp function
     * app} apart. Its identity may read these secrets and no others.
     *
     * @param trust the trust level of the run
     * @param references the references of the secrets, perhaps none
     * @return the name, at most 24 characters
     */
    public String worker(TrustLevel trust, Collection<String> references) {
        String name = "worker-" + trust.name().toLowerCase(Locale.ROOT);
        return references.isEmpty()
                ? name
                : name + "-" + shortened("", references).substring(0, 7);
    }

    /** The pipeline that an attempt's run is one of: its id without what tells the runs of one pipeline apart. */
    static String pipeline(AttemptId attempt) {
        return attempt.run().value().replaceFirst("-[0-9a-z]{16}(\\.[0-9]+)?$", "");
    }

    /** The name of the run that does an attempt's work, which Azure DevOps calls the number of a build. */
    static String run(AttemptId attempt) {
        return attempt.key().replace('/', SEPARATOR);
    }

    /** The attempt that a run was named after, as {@link #run} does it. */
    static Optional<AttemptId> attempt(String run) {
        int first = run.indexOf(SEPARATOR);
        int last = run.lastIndexOf(SEPARATOR);
        if (first < 0 || first == last) {
            return Optional.empty();
        }
        try {
            return Optional.of(AttemptId.parse(
                    run.substring(0, first) + "/" + run.substring(first + 1, last) + "/" + run.substring(last + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
