// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.client;

import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;

/** What the resources of an installation are called. The template gives these names and the ports use them; both read them here. Any thread. */
public final class AwsNames {
    /** The command that installs what is missing. */
    public static final String INSTALL = "'cumulane deploy --cloud aws'";

    private static final int SHORTEST = 3;
    /** A bucket's name, which ends with account and region, has at most 63 characters, and so has a role's. */
    private static final int LONGEST = 24;

    private static final Pattern NAMESPACE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    private final Region region;
    private final String namespace;
    private final Supplier<String> account;

    /**
     * The names of an installation.
     *
     * @param region where it is
     * @param namespace what its resources' names begin with: 3 to 24 lower-case letters, digits and single hyphens, a letter first
     * @param account tells the number of the account, on first use; it may call a service
     * @throws IllegalArgumentException if the namespace has another form
     */
    public AwsNames(Region region, String namespace, Supplier<String> account) {
        this.region = region;
        this.namespace = checkNamespace(namespace);
        this.account = account;
    }

    /**
     * Where the installation is.
     *
     * @return the region
     */
    public Region region() {
        return region;
    }

    /**
     * What the resources' names begin with.
     *
     * @return the namespace
     */
    public String namespace() {
        return namespace;
    }

    /**
     * Whose resources they are.
     *
     * @return the account's number
     */
    public String account() {
        return account.get();
    }

    /**
     * The table of the journal.
     *
     * @return its name
     */
    public String table() {
        return namespace + "-journal";
    }

    /**
     * The bucket of the artifact store. Names of buckets are shared by all accounts of the world.
     *
     * @return its name
     */
    public String bucket() {
        return namespace + "-" + account() + "-" + region.id();
    }

    /**
     * The bucket of the packages and templates that were installed.
     *
     * @return its name
     */
    public String codeBucket() {
        return namespace + "-code-" + account() + "-" + region.id();
    }

    /**
     * The stack.
     *
     * @return its name
     */
    public String stack() {
        return namespace;
    }

    /**
     * The queue of signals.
     *
     * @return its name
     */
    public String queue() {
        return namespace + "-signals";
    }

    /**
     * The queue for messages that were received too often.
     *
     * @return its name
     */
    public String deadLetters() {
        return namespace + "-signals-dead";
    }

    /**
     * The queue of signals, as EventBridge Scheduler calls it.
     *
     * @return its ARN
     */
    public String queueArn() {
        return arn("sqs", region.id(), queue());
    }

    /**
     * The group of the schedules that wake runs.
     *
     * @return its name
     */
    public String schedules() {
        return namespace + "-timers";
    }

    /**
     * The role by which EventBridge Scheduler sends to the queue.
     *
     * @return its ARN
     */
    public String schedulerRoleArn() {
        return arn("iam", "", "role/" + namespace + "-timers");
    }

    /**
     * The event bus on which CloudEvents are published.
     *
     * @return its name
     */
    public String bus() {
        return namespace + "-events";
    }

    /**
     * A resource of this account.
     *
     * @param service the service, such as {@code sqs}
     * @param in the region's id, empty for a service that has none
     * @param resource the resource as the service writes it in an ARN
     * @return the ARN
     */
    public String arn(String service, String in, String resource) {
        return "arn:" + partition() + ":" + service + ":" + in + ":" + account() + ":" + resource;
    }

    /**
     * A namespace as it was configured.
     *
     * @param name from anywhere
     * @return the name
     * @throws IllegalArgumentException if it is not 3 to 24 lower-case letters, digits and single hyphens, a letter first
     */
    public static String checkNamespace(String name) {
        if (name.length() < SHORTEST
                || name.length() > LONGEST
                || !NAMESPACE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "not a namespace: '" + name.replaceAll("\\p{Cntrl}", "?")
                            + "'; it is 3 to 24 lower-case letters, digits and single hyphens, a letter first, such as shop-ci");
        }
        return name;
    }

    /**
     * A number of an account as it was configured.
     *
     * @param number from anywhere
     * @return the number
     * @throws IllegalArgumentException if it is not 12 digits
     */
    public static String checkAccount(String number) {
        if (!ACCOUNT.matcher(number).matches()) {
            throw new IllegalArgumentException(
                    "not the number of an AWS account (12 digits): '" + number.replaceAll("\\p{Cntrl}", "?") + "'");
        }
        return number;
    }

    private String partition() {
        return region.id().startsWith("cn-") ? "aws-cn" : region.id().startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    @Override
    public String toString() {
        return namespace + " in " + region.id();
    }
}
