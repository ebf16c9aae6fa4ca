// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudProvider;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Offers a resource group of Azure as {@code --cloud azure}, and no environment to deploy to. */
public final class AzureCloudProvider implements CloudProvider {
    private static final String GROUP = "resource-group";
    private static final String NAMESPACE = "namespace";
    private static final String SUBSCRIPTION = "subscription";
    private static final String ORGANIZATION = "organization";
    private static final String PROJECT = "project";

    /** For the service loader. */
    public AzureCloudProvider() {}

    @Override
    public String name() {
        return AzureCloud.NAME;
    }

    @Override
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(GROUP, "the resource group, such as shop; must be said");
        settings.put(NAMESPACE, "what the resources' names begin with; cumulane if left out");
        settings.put(
                SUBSCRIPTION,
                "the subscription's id; " + Azure.SUBSCRIPTION_VARIABLE + " of the environment if left out");
        settings.put(ORGANIZATION, "the organization of Azure DevOps whose pipelines run builds, with project");
        settings.put(PROJECT, "the project of Azure DevOps, with organization");
        return settings;
    }

    @Override
    public Cloud open(SortedMap<String, String> settings) {
        Optional<String> group = Optional.ofNullable(settings.get(GROUP));
        Azure azure = Azure.inResourceGroup(group.orElseThrow(() -> new IllegalArgumentException(
                "setting 'resource-group' is missing; say which, such as resource-group=shop")));
        Optional.ofNullable(settings.get(NAMESPACE)).ifPresent(azure::namespace);
        Optional.ofNullable(settings.get(SUBSCRIPTION)).ifPresent(azure::subscription);
        Optional<String> organization = Optional.ofNullable(settings.get(ORGANIZATION));
        Optional<String> project = Optional.ofNullable(settings.get(PROJECT));
        if (organization.isPresent() != project.isPresent()) {
            throw new IllegalArgumentException("settings 'organization' and 'project' go together; say both or none");
        }
        organization.ifPresent(name -> azure.devOps(name, project.orElseThrow()));
        return azure.connect();
    }
}
