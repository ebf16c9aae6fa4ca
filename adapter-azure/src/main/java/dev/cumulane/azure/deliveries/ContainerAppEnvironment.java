// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An environment that is a container app with several revisions: a release is a revision of it. The app itself is there already; of its configuration nothing but the image is this engine's.
 *
 * <p>What is deployed is a file that holds one line, the image by its digest, such as {@code shop.azurecr.io/shop@sha256:4f1c…}; the build that has pushed the image writes it.
 *
 * @param app the app's name
 * @param repository from where alone its image is pulled: registry and repository
 * @param container the container that gets the image; the first one if it is not said
 * @param resourceGroup where the app is; the installation's own if it is not said
 * @param address where the environment answers; the app's own address if it is not said
 */
public record ContainerAppEnvironment(
        String app,
        String repository,
        Optional<String> container,
        Optional<String> resourceGroup,
        Optional<String> address)
        implements AzureEnvironment {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,30}[a-z0-9])?");
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9][a-z0-9.-]{0,98}(:[1-9][0-9]{0,4})?(/[a-z0-9]+([._-]+[a-z0-9]+)*){1,8}");

    /** Refuses names that the services do not take. */
    public ContainerAppEnvironment {
        check("a container app", NAME, app, "2 to 32 lower-case letters, digits and hyphens, such as shop-api");
        check(
                "a repository of images",
                REPOSITORY,
                repository,
                "registry and repository, such as shop.azurecr.io/shop");
        container.ifPresent(name ->
                check("a container", NAME, name, "up to 32 lower-case letters, digits and hyphens, such as app"));
        resourceGroup.ifPresent(dev.cumulane.azure.client.AzureNames::checkResourceGroup);
    }

    private static void check(String what, Pattern form, String name, String right) {
        if (!form.matcher(name).matches() || name.contains("--")) {
            throw new IllegalArgumentException(
                    "not the name of " + what + ": '" + name.replaceAll("\\p{Cntrl}", "?") + "'; it is " + right);
        }
    }

    /**
     * An app without its image.
     *
     * @param app the app's name
     */
    public record Unpulled(String app) {
        /**
         * Pulls its image from this repository, and from no other.
         *
         * @param repository registry and repository, such as {@code shop.azurecr.io/shop}
         * @return the binding
         */
        public ContainerAppEnvironment pulling(String repository) {
            return new ContainerAppEnvironment(app, repository, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * The same, where another container than the first one gets the image.
     *
     * @param name the container's name
     * @return the binding
     */
    public ContainerAppEnvironment container(String name) {
        return new ContainerAppEnvironment(app, repository, Optional.of(name), resourceGroup, address);
    }

    /**
     * The same in another resource group of the subscription.
     *
     * @param name the group's name
     * @return the binding
     */
    public ContainerAppEnvironment inResourceGroup(String name) {
        return new ContainerAppEnvironment(app, repository, container, Optional.of(name), address);
    }

    /**
     * The same, which answers at an address that is known.
     *
     * @param url the address
     * @return the binding
     */
    public ContainerAppEnvironment at(String url) {
        return new ContainerAppEnvironment(app, repository, container, resourceGroup, Optional.of(url));
    }
}
