// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import java.util.regex.Pattern;

/**
 * What the resources of an installation are called. The template gives these names and the ports use them; both read them here. Any thread.
 *
 * @param project the id of the project
 * @param region where the installation is, such as {@code europe-west1}
 * @param namespace what its resources' names begin with
 */
public record GcpNames(String project, String region, String namespace) {
    /** The command that installs what is missing. */
    public static final String INSTALL = "'cumulane deploy --cloud gcp'";

    private static final int SHORTEST = 3;
    /** A service account's id, which ends with what it is for, has at most 30 characters. */
    private static final int LONGEST = 18;

    private static final Pattern NAMESPACE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z]+-[a-z]+[0-9]{1,2}");

    /** Refuses what has another form. */
    public GcpNames {
        checkProject(project);
        checkRegion(region);
        checkNamespace(namespace);
    }

    /**
     * The Firestore database of the journal.
     *
     * @return its id
     */
    public String database() {
        return namespace + "-journal";
    }

    /**
     * The bucket of the artifact store. Names of buckets are shared by all projects of the world.
     *
     * @return its name
     */
    public String bucket() {
        return namespace + "-" + project + "-artifacts";
    }

    /**
     * The bucket of what is installed: packages, Terraform's state.
     *
     * @return its name
     */
    public String installBucket() {
        return namespace + "-" + project + "-install";
    }

    /**
     * The Pub/Sub topic of signals.
     *
     * @return {@code projects/P/topics/T}
     */
    public String signals() {
        return topic("signals");
    }

    /**
     * The Pub/Sub topic for messages that were delivered too often.
     *
     * @return {@code projects/P/topics/T}
     */
    public String deadLetters() {
        return topic("signals-dead");
    }

    /**
     * The Pub/Sub topic on which CloudEvents are published.
     *
     * @return {@code projects/P/topics/T}
     */
    public String events() {
        return topic("events");
    }

    /**
     * The Cloud Tasks queue of signals for an instant.
     *
     * @return {@code projects/P/locations/L/queues/Q}
     */
    public String timers() {
        return "projects/" + project + "/locations/" + region + "/queues/" + namespace + "-timers";
    }

    /**
     * A service account of the installation.
     *
     * @param use what it is for, such as {@code engine}
     * @return its address
     */
    public String serviceAccount(String use) {
        return namespace + "-" + use + "@" + project + ".iam.gserviceaccount.com";
    }

    private String topic(String use) {
        return "projects/" + project + "/topics/" + namespace + "-" + use;
    }

    /**
     * A namespace as it was configured.
     *
     * @param name from anywhere
     * @return the name
     * @throws IllegalArgumentException if it is not 3 to 18 lower-case letters, digits and single hyphens, a letter first
     */
    public static String checkNamespace(String name) {
        if (name.length() < SHORTEST
                || name.length() > LONGEST
                || !NAMESPACE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "not a namespace: '" + shown(name)
                            + "'; it is 3 to 18 lower-case letters, digits and single hyphens, a letter first, such as shop-ci");
        }
        return name;
    }

    /**
     * A project's id as it was configured.
     *
     * @param id from anywhere
     * @return the id
     * @throws IllegalArgumentException if it has not the form of one
     */
    public static String checkProject(String id) {
        if (!PROJECT.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "not the id of a project of Google Cloud: '" + shown(id)
                            + "'; it is 6 to 30 lower-case letters, digits and hyphens, such as shop-301412; its number or its name is something else");
        }
        return id;
    }

    /**
     * A region as it was configured.
     *
     * @param region from anywhere
     * @return the region
     * @throws IllegalArgumentException if it has not the form of one
     */
    public static String checkRegion(String region) {
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException(
                    "not a region of Google Cloud: '" + shown(region) + "'; it looks like europe-west1 or us-central1");
        }
        return region;
    }

    private static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return namespace + " in " + region + " of " + project;
    }
}
