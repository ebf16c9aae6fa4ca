// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What build projects and their roles are called; the blueprint makes them under these names, the runner uses them.
 *
 * @param namespace what all names of an installation begin with: 2 to 32 lower-case letters, digits and {@code -}, the first a letter
 */
public record BuildNames(String namespace) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,30}[a-z0-9]");

    /** Refuses a namespace of another form; it stands in names that IAM limits to 64 characters. */
    public BuildNames {
        if (!FORM.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "a namespace has 2 to 32 lower-case letters, digits and '-', as in 'shop-ci', not '" + namespace
                            + "'");
        }
    }

    /**
     * The project that builds a pipeline's runs of a trust level.
     *
     * @param pipeline the pipeline's name
     * @param trust the trust level
     * @return the project's name
     */
    public String project(String pipeline, TrustLevel trust) {
        return namespace + "-" + pipeline + "-" + trust.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role of builds that are given exactly these secrets, or none. It may write logs and read these secrets, and nothing else.
     *
     * @param project the project's name
     * @param references the references of the secrets
     * @return the role's name
     */
    public String role(String project, Collection<String> references) {
        String text = project + "\n" + String.join("\n", new TreeSet<>(references));
        return namespace + "-build-" + Digest.of(text.getBytes(UTF_8)).hex().substring(0, 16);
    }

    /** The pipeline that an attempt's run is one of: its id without what tells the runs of one pipeline apart. */
    static String pipeline(AttemptId attempt) {
        return attempt.run().value().replaceFirst("-[0-9a-z]{16}(\\.[0-9]+)?$", "");
    }
}
