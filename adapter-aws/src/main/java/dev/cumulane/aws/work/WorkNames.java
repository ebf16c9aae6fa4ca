// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What build projects, worker functions and their roles are called; the blueprint makes them under these names, the runners use them.
 *
 * @param names the names of the installation
 */
public record WorkNames(AwsNames names) {
    /**
     * The project that builds a pipeline's runs of a trust level.
     *
     * @param pipeline the pipeline's name
     * @param trust the trust level
     * @return the project's name, at most 100 characters
     */
    public String project(String pipeline, TrustLevel trust) {
        return names.namespace() + "-" + pipeline + "-" + lower(trust);
    }

    /**
     * The role of builds that are given exactly these secrets, or none. It may write logs and read these secrets, and nothing else.
     *
     * @param project the project's name
     * @param references the references of the secrets
     * @return the role's name, of the at most 64 characters that IAM allows
     */
    public String buildRole(String project, Collection<String> references) {
        return names.namespace() + "-build-" + shortened(project, references);
    }

    /**
     * A role as calls name it.
     *
     * @param role the role's name
     * @return its ARN
     */
    public String roleArn(String role) {
        return names.arn("iam", "", "role/" + role);
    }

    /**
     * The worker for function stages of a trust level that are given exactly these secrets. Its role may read them and no others.
     *
     * @param trust the trust level of the run
     * @param references the references of the secrets, perhaps none
     * @return the function's name, at most 64 characters
     */
    public String worker(TrustLevel trust, Collection<String> references) {
        String name = names.namespace() + "-worker-" + lower(trust);
        return references.isEmpty() ? name : name + "-" + shortened("", references);
    }

    /**
     * The alias of a worker's version that has this code. Versions have numbers, which only the account knows; the digest is known wherever the package is.
     *
     * @param code the digest of the deployed package
     * @return the alias
     */
    public static String alias(Digest code) {
        return "code-" + code.hex().substring(0, 32);
    }

    /** The pipeline that an attempt's run is one of: its id without what tells the runs of one pipeline apart. */
    static String pipeline(AttemptId attempt) {
        return attempt.run().value().replaceFirst("-[0-9a-z]{16}(\\.[0-9]+)?$", "");
    }

    private static String lower(TrustLevel trust) {
        return trust.name().toLowerCase(Locale.ROOT);
    }

    private static String shortened(String first, Collection<String> references) {
        String text = first + "\n" + String.join("\n", new TreeSet<>(references));
        return Digest.of(text.getBytes(UTF_8)).hex().substring(0, 16);
    }
}
