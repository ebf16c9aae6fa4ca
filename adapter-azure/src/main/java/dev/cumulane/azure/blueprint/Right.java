// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import java.util.List;

/** What identities may be allowed: the actions that a kind of calls needs, and no others. Each is a role of the installation's own. */
enum Right {
    READS_ARTIFACTS("reads artifacts", "", Right.BLOBS + "/read"),
    ADDS_ARTIFACTS("adds artifacts", "", Right.BLOBS + "/add/action"),
    WRITES_BLOCKS("writes blocks of artifacts", "", Right.BLOBS + "/write"),
    SIGNS_REQUESTS(
            "signs requests", "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action", ""),
    READS_JOURNAL("reads the journal", "", Right.ENTITIES + "/read"),
    KEEPS_JOURNAL(
            "keeps the journal",
            "",
            Right.ENTITIES + "/read " + Right.ENTITIES + "/write " + Right.ENTITIES + "/delete " + Right.ENTITIES
                    + "/add/action " + Right.ENTITIES + "/update/action"),
    SENDS("sends messages", "", Right.MESSAGES + "/add/action"),
    RECEIVES(
            "receives messages",
            "Microsoft.Storage/storageAccounts/queueServices/queues/read",
            Right.MESSAGES + "/read " + Right.MESSAGES + "/process/action " + Right.MESSAGES + "/delete "
                    + Right.MESSAGES + "/write"),
    READS_SECRET("reads a secret", "", "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
    FINDS_SECRET("finds a secret", "", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"),
    PUBLISHES("publishes events", "", "Microsoft.EventGrid/events/send/action"),
    DEPLOYS(
            "deploys",
            "Microsoft.App/containerApps/read Microsoft.App/containerApps/write"
                    + " Microsoft.App/containerApps/revisions/read Microsoft.App/containerApps/revisions/activate/action"
                    + " Microsoft.App/containerApps/revisions/deactivate/action",
            ""),
    READS_ALARMS("reads alarms", "Microsoft.Insights/metricAlerts/read Microsoft.AlertsManagement/alerts/read", ""),
    READS_LOGS(
            "reads logs",
            "Microsoft.Insights/components/read Microsoft.Insights/components/query/read"
                    + " Microsoft.Insights/logs/AppTraces/read",
            "");

    private static final String BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    private static final String ENTITIES = "Microsoft.Storage/storageAccounts/tableServices/tables/entities";
    private static final String MESSAGES = "Microsoft.Storage/storageAccounts/queueServices/queues/messages";

    private final String words;
    private final String actions;
    private final String dataActions;

    Right(String words, String actions, String dataActions) {
        this.words = words;
        this.actions = actions;
        this.dataActions = dataActions;
    }

    /** For people, such as {@code reads logs}. */
    String words() {
        return words;
    }

    /** On resources. */
    List<String> actions() {
        return actions.isEmpty() ? List.of() : List.of(actions.split(" "));
    }

    /** On what is in them. */
    List<String> dataActions() {
        return dataActions.isEmpty() ? List.of() : List.of(dataActions.split(" "));
    }
}
