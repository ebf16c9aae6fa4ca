// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.secrets.SecretManagerSecrets;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What the worker functions and the service accounts of builds and workers are called; the blueprint makes them under these names, the runners use them. A service
 * account's id has at most 30 characters, a function's name with a revision's tag at most 46: what does not fit stands there as a digest.
 *
 * @param names the names of the installation
 */
public record WorkNames(GcpNames names) {
    private static final int DIGITS = 10;
    private static final int WORKER_DIGITS = 8;

    /**
     * The service account of builds that are given exactly these secrets, or none. It may write logs and read these secrets, and nothing else.
     *
     * @param pipeline the pipeline's name
     * @param trust the trust level of the run
     * @param references the references of the secrets
     * @return its address
     */
    public String buildAccount(String pipeline, TrustLevel trust, Collection<String> references) {
        return names.serviceAccount("b" + shortened(pipeline + "\n" + lower(trust), references, DIGITS));
    }

    /**
     * A service account as other resources name it.
     *
     * @param address its address
     * @return {@code projects/P/serviceAccounts/ADDRESS}
     */
    public String resource(String address) {
        return "projects/" + names.project() + "/serviceAccounts/" + address;
    }

    /**
     * The worker for function stages of a trust level that are given exactly these secrets. Its service account may read them and no others.
     *
     * @param trust the trust level of the run
     * @param references the references of the secrets, perhaps none
     * @return the function's name, at most 35 characters
     */
    public String worker(TrustLevel trust, Collection<String> references) {
        String last = references.isEmpty() ? lower(trust) : shortened(lower(trust), references, WORKER_DIGITS);
        return names.namespace() + "-worker-" + last;
    }

    /**
     * The service account of a worker.
     *
     * @param trust the trust level of the run
     * @param references the references of the secrets, perhaps none
     * @return its address
     */
    public String workerAccount(TrustLevel trust, Collection<String> references) {
        return names.serviceAccount("w" + shortened(lower(trust), references, DIGITS));
    }

    /**
     * The tag of a worker's revision that has this code. Revisions have names that only the project knows; the digest is known wherever the package is.
     *
     * @param code the digest of the deployed package
     * @return the tag, of 11 characters
     */
    public static String tag(Digest code) {
        return "c" + code.hex().substring(0, DIGITS);
    }

    /**
     * The queue of tasks that invoke workers.
     *
     * @return {@code projects/P/locations/L/queues/Q}
     */
    public String queue() {
        return "projects/" + names.project() + "/locations/" + names.region() + "/queues/" + names.namespace()
                + "-work";
    }

    /**
     * The latest version of a secret, as builds are bound to it.
     *
     * @param reference the reference as the pipeline writes it
     * @return {@code projects/P/secrets/S/versions/latest}
     */
    public String secretVersion(String reference) {
        return SecretManagerSecrets.name(names, reference) + "/versions/latest";
    }

    /**
     * The service account with which tasks, subscriptions and the timer call functions.
     *
     * @return its address
     */
    public String caller() {
        return names.serviceAccount("caller");
    }

    /**
     * The address that a function is known by before it is there: what a token for it is made out to.
     *
     * @param function the function's name
     * @return its address
     */
    public String audience(String function) {
        return "https://" + names.region() + "-" + names.project() + ".cloudfunctions.net/" + function;
    }

    /**
     * Where builds and functions are.
     *
     * @return {@code projects/P/locations/L}
     */
    public String location() {
        return "projects/" + names.project() + "/locations/" + names.region();
    }

    /** The pipeline that an attempt's run is one of: its id without what tells the runs of one pipeline apart. */
    static String pipeline(AttemptId attempt) {
        return attempt.run().value().replaceFirst("-[0-9a-z]{16}(\\.[0-9]+)?$", "");
    }

    private static String lower(TrustLevel trust) {
        return trust.name().toLowerCase(Locale.ROOT);
    }

    private static String shortened(String first, Collection<String> references, int digits) {
        String text = first + "\n" + String.join("\n", new TreeSet<>(references));
        return Digest.of(text.getBytes(UTF_8)).hex().substring(0, digits);
    }
}
