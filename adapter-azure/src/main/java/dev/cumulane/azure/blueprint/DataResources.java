// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.azure.blueprint.Template.map;

import dev.cumulane.azure.client.AzureNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where an installation's data lie: the storage account with table, container and queues, the key vault, the topic, and what is told to Monitor. */
final class DataResources {
    private static final int KEPT_LOG_DAYS = 90;

    private final Resource account;
    private final Resource queues;
    private final Resource table;
    private final Resource container;
    private final Resource signals;
    private final Resource poison;
    private final Resource vault;
    private final Resource topic;
    private final Resource component;

    DataResources(Template template, AzureNames names) {
        account = account(template, "storage", names.account());
        Resource blobs = template.add(account.part(
                "blobs",
                Kind.BLOBS,
                "default",
                map("properties", map("deleteRetentionPolicy", map("enabled", true, "days", 7)))));
        container = template.add(blobs.part(
                "artifacts", Kind.CONTAINER, names.container(), map("properties", map("publicAccess", "None"))));
        Resource tables = template.add(account.part("tables", Kind.TABLES, "default", map()));
        table = template.add(tables.part("journal", Kind.TABLE, names.table(), map()));
        queues = template.add(account.part("queues", Kind.QUEUES, "default", map()));
        signals = queue(template, "signals", names.queue());
        poison = queue(template, "signalsPoison", names.poison());
        lifecycle(template, names);
        vault = vault(template, names);
        topic = template.add(Resource.of(
                "events",
                Kind.TOPIC,
                names.topic(),
                map(
                        "location",
                        Expression.LOCATION,
                        "properties",
                        map("inputSchema", "CloudEventSchemaV1_0", "disableLocalAuth", true))));
        component = component(template, names);
    }

    /** A storage account that knows no keys and shows nothing to anybody. */
    static Resource account(Template template, String symbol, String name) {
        return template.add(Resource.of(
                symbol,
                Kind.STORAGE,
                name,
                map(
                        "location",
                        Expression.LOCATION,
                        "sku",
                        map("name", "Standard_LRS"),
                        "kind",
                        "StorageV2",
                        "properties",
                        map(
                                "allowBlobPublicAccess",
                                false,
                                "allowSharedKeyAccess",
                                false,
                                "defaultToOAuthAuthentication",
                                true,
                                "minimumTlsVersion",
                                "TLS1_2",
                                "supportsHttpsTrafficOnly",
                                true))));
    }

    /** A queue beside that of signals. */
    Resource queue(Template template, String symbol, String name) {
        return template.add(queues.part(symbol, Kind.QUEUE, name, map()));
    }

    private void lifecycle(Template template, AzureNames names) {
        List<Object> rules = new ArrayList<>();
        Map.of("claims", 90, "cancel", 90, "results", 90, "starts", 90, "caches", 30).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> rules.add(expiring(names.container(), each.getKey(), each.getValue())));
        template.add(account.part(
                        "lifecycle", Kind.LIFECYCLE, "default", map("properties", map("policy", map("rules", rules))))
                .after(List.of(container)));
    }

    private static Map<String, Object> expiring(String container, String prefix, int days) {
        return map(
                "name",
                "expire-" + prefix,
                "enabled",
                true,
                "type",
                "Lifecycle",
                "definition",
                map(
                        "filters",
                        map("blobTypes", List.of("blockBlob"), "prefixMatch", List.of(container + "/" + prefix + "/")),
                        "actions",
                        map("baseBlob", map("delete", map("daysAfterCreationGreaterThan", days)))));
    }

    private static Resource vault(Template template, AzureNames names) {
        return template.add(Resource.of(
                "vault",
                Kind.VAULT,
                names.vault(),
                map(
                        "location",
                        Expression.LOCATION,
                        "properties",
                        map(
                                "tenantId",
                                Expression.TENANT,
                                "sku",
                                map("family", "A", "name", "standard"),
                                "enableRbacAuthorization",
                                true,
                                "enableSoftDelete",
                                true,
                                "softDeleteRetentionInDays",
                                7))));
    }

    private static Resource component(Template template, AzureNames names) {
        Resource workspace = template.add(Resource.of(
                "workspace",
                Kind.WORKSPACE,
                names.insights(),
                map(
                        "location",
                        Expression.LOCATION,
                        "properties",
                        map("retentionInDays", KEPT_LOG_DAYS, "sku", map("name", "PerGB2018")))));
        return template.add(Resource.of(
                "insights",
                Kind.COMPONENT,
                names.insights(),
                map(
                        "location",
                        Expression.LOCATION,
                        "kind",
                        "web",
                        "properties",
                        map("Application_Type", "web", "WorkspaceResourceId", new Expression.Id(workspace)))));
    }

    /** A secret of the vault, which its owner puts there. */
    Resource secret(Template template, String reference) {
        return template.share(vault.existing(Template.symbol("secret " + reference), Kind.SECRET, reference));
    }

    Resource account() {
        return account;
    }

    Resource table() {
        return table;
    }

    Resource container() {
        return container;
    }

    Resource signals() {
        return signals;
    }

    Resource poison() {
        return poison;
    }

    Resource topic() {
        return topic;
    }

    Resource component() {
        return component;
    }
}
