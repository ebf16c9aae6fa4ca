// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

/** The kinds of resources that a template has, each with the version of its interface in which it is written. */
enum Kind {
    ACTION_ALERT("Microsoft.Insights/scheduledQueryRules", "2023-12-01", "alert"),
    APP("Microsoft.Web/sites", "2024-04-01", "function app"),
    BLOBS("Microsoft.Storage/storageAccounts/blobServices", "2023-05-01", "blob service"),
    COMPONENT("Microsoft.Insights/components", "2020-02-02", "Application Insights"),
    CONTAINER_APP("Microsoft.App/containerApps", "2025-01-01", "container app"),
    CONTAINER("Microsoft.Storage/storageAccounts/blobServices/containers", "2023-05-01", "container"),
    IDENTITY("Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31", "identity"),
    LIFECYCLE("Microsoft.Storage/storageAccounts/managementPolicies", "2023-05-01", "lifecycle rules"),
    PLAN("Microsoft.Web/serverfarms", "2024-04-01", "plan"),
    QUEUE("Microsoft.Storage/storageAccounts/queueServices/queues", "2023-05-01", "queue"),
    QUEUES("Microsoft.Storage/storageAccounts/queueServices", "2023-05-01", "queue service"),
    ROLE("Microsoft.Authorization/roleDefinitions", "2022-04-01", "role"),
    ROLE_ASSIGNMENT("Microsoft.Authorization/roleAssignments", "2022-04-01", "role assignment"),
    SECRET("Microsoft.KeyVault/vaults/secrets", "2023-07-01", "secret"),
    STORAGE("Microsoft.Storage/storageAccounts", "2023-05-01", "storage account"),
    TABLE("Microsoft.Storage/storageAccounts/tableServices/tables", "2023-05-01", "table"),
    TABLES("Microsoft.Storage/storageAccounts/tableServices", "2023-05-01", "table service"),
    TOPIC("Microsoft.EventGrid/topics", "2025-02-15", "Event Grid topic"),
    VAULT("Microsoft.KeyVault/vaults", "2023-07-01", "key vault"),
    WORKBOOK("Microsoft.Insights/workbooks", "2023-06-01", "workbook"),
    WORKSPACE("Microsoft.OperationalInsights/workspaces", "2023-09-01", "Log Analytics workspace");

    private final String type;
    private final String version;
    private final String words;

    Kind(String type, String version, String words) {
        this.type = type;
        this.version = version;
        this.words = words;
    }

    /** As the resource manager calls it. */
    String type() {
        return type;
    }

    /** The version of the interface. */
    String version() {
        return version;
    }

    /** What people call it. */
    String words() {
        return words;
    }

    /** What people call resources of a type. */
    static String words(String type) {
        for (Kind kind : values()) {
            if (kind.type.equalsIgnoreCase(type)) {
                return kind.words;
            }
        }
        return type;
    }
}
