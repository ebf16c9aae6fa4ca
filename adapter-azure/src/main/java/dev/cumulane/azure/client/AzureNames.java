// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.pipeline.Digest;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What the resources of an installation are called. The template gives these names and the ports use them; both read them here. Names that the whole world shares end with
 * letters and digits made from subscription, resource group and namespace. Any thread.
 */
public final class AzureNames {
    /** The command that installs what is missing. */
    public static final String INSTALL = "'cumulane deploy --cloud azure'";

    /** The queue of signals. */
    public static final String SIGNALS = "signals";

    /** The reference of the secret with which tickets of work orders are signed; who installs makes it. */
    public static final String TICKET_KEY = "ticket-key";

    /** The reference of the secret that service hooks of Azure DevOps show. */
    public static final String HOOK_KEY = "devops-hook";

    private static final int SHORTEST = 3;
    private static final int LONGEST = 24;
    /** A storage account's name has at most 24 letters and digits; ten of them tell installations apart. */
    private static final int LONGEST_START = 14;

    private static final int OWN_PART = 10;
    private static final int LONGEST_GROUP = 90;

    private static final Pattern NAMESPACE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_().-]*[A-Za-z0-9_()-]");
    private static final Pattern SUBSCRIPTION =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final String resourceGroup;
    private final String namespace;
    private final Supplier<String> subscription;

    /**
     * The names of an installation.
     *
     * @param resourceGroup where it is
     * @param namespace what its resources' names begin with: 3 to 24 lower-case letters, digits and single hyphens, a letter first
     * @param subscription tells the subscription's id, on first use; it may fail where nobody said it
     * @throws IllegalArgumentException if group or namespace has another form
     */
    public AzureNames(String resourceGroup, String namespace, Supplier<String> subscription) {
        this.resourceGroup = checkResourceGroup(resourceGroup);
        this.namespace = checkNamespace(namespace);
        this.subscription = subscription;
    }

    /**
     * Where the installation is.
     *
     * @return the resource group's name
     */
    public String resourceGroup() {
        return resourceGroup;
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
     * @return the subscription's id
     */
    public String subscription() {
        return subscription.get();
    }

    /**
     * The storage account of journal, artifact store and signals.
     *
     * @return its name, 13 to 24 lower-case letters and digits
     */
    public String account() {
        return start() + own();
    }

    private String start() {
        String start = namespace.replace("-", "");
        return start.substring(0, Math.min(start.length(), LONGEST_START));
    }

    /**
     * The key vault.
     *
     * @return its name, the storage account's
     */
    public String vault() {
        return account();
    }

    /**
     * The table of the journal.
     *
     * @return its name
     */
    public String table() {
        return "journal";
    }

    /**
     * The container of the artifact store.
     *
     * @return its name
     */
    public String container() {
        return "artifacts";
    }

    /**
     * The queue of signals.
     *
     * @return its name
     */
    public String queue() {
        return SIGNALS;
    }

    /**
     * The queue for messages that were taken too often; the host of the functions names it so.
     *
     * @return its name
     */
    public String poison() {
        return queue() + "-poison";
    }

    /**
     * The topic of Event Grid on which CloudEvents are published.
     *
     * @return its name
     */
    public String topic() {
        return namespace + "-events-" + own();
    }

    /**
     * The component of Application Insights that keeps what functions print.
     *
     * @return its name
     */
    public String insights() {
        return namespace + "-logs";
    }

    /**
     * A function app.
     *
     * @param role what it is for, such as {@code engine}
     * @return its name, which the whole world shares
     */
    public String functionApp(String role) {
        return namespace + "-" + role + "-" + own();
    }

    /**
     * The identity of a function app, or of what else calls services.
     *
     * @param role what it is for, such as {@code engine}
     * @return its name
     */
    public String identity(String role) {
        return namespace + "-" + role;
    }

    /**
     * The storage account in which the host of a function app keeps the package and its own notes; no other app can reach it.
     *
     * @param role what the app is for
     * @return its name, 13 to 24 lower-case letters and digits
     */
    public String hostAccount(String role) {
        return start() + own("/" + role);
    }

    /**
     * An id made from a text, for resources that are called by an id.
     *
     * @param of the text
     * @return the id, another one for each installation
     */
    public UUID uuid(String of) {
        return UUID.nameUUIDFromBytes((installation() + "/" + of).getBytes(UTF_8));
    }

    /**
     * A name that the whole directory shares.
     *
     * @param what it is, in words
     * @return the name
     */
    public String shared(String what) {
        return namespace + " " + what + " (" + own() + ")";
    }

    /**
     * A resource of this installation, as the resource manager calls it.
     *
     * @param type such as {@code Microsoft.EventGrid/topics}
     * @param name the resource's name
     * @return its id, a path
     */
    public String resourceId(String type, String name) {
        return "/subscriptions/" + subscription() + "/resourceGroups/" + resourceGroup + "/providers/" + type + "/"
                + name;
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
                    "not a namespace: '" + shown(name)
                            + "'; it is 3 to 24 lower-case letters, digits and single hyphens, a letter first, such as shop-ci");
        }
        return name;
    }

    /**
     * A resource group's name as it was configured.
     *
     * @param name from anywhere
     * @return the name
     * @throws IllegalArgumentException if it is not 1 to 90 letters, digits, {@code _}, {@code -}, {@code .} and parentheses, no full stop last
     */
    public static String checkResourceGroup(String name) {
        if (name.length() > LONGEST_GROUP || !GROUP.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a resource group: '" + shown(name)
                    + "'; it is 1 to 90 letters, digits and _-.(), such as shop-ci");
        }
        return name;
    }

    /**
     * A subscription's id as it was configured.
     *
     * @param id from anywhere
     * @return the id
     * @throws IllegalArgumentException if it is not 32 hexadecimal digits in five groups
     */
    public static String checkSubscription(String id) {
        if (!SUBSCRIPTION.matcher(id).matches()) {
            throw new IllegalArgumentException("not the id of a subscription: '" + shown(id)
                    + "'; it looks like 0b1f6471-1bf0-4dda-aec3-cb9272f09590, and 'az account show' tells it");
        }
        return id;
    }

    private String own() {
        return own("");
    }

    private String own(String more) {
        return Digest.of((installation() + more).getBytes(UTF_8)).hex().substring(0, OWN_PART);
    }

    private String installation() {
        return subscription() + "/" + resourceGroup + "/" + namespace;
    }

    private static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return namespace + " in " + resourceGroup;
    }
}
