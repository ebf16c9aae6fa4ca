// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.deliveries.AzureEnvironment;
import dev.cumulane.azure.deliveries.ContainerAppEnvironment;
import dev.cumulane.cloud.Needs;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the identities of the functions may do: the calls that each of them makes, on the resources that it makes them on. Nobody overwrites a claim or a result. */
final class Permissions {
    private final Access access;
    private final DataResources data;
    private final Template template;

    Permissions(Access access, DataResources data, Template template) {
        this.access = access;
        this.data = data;
        this.template = template;
    }

    /** Ingress reads for the pages and sends; it signs with its own rights what builds read and write. */
    void ingress(Resource identity, Needs needs, List<String> secrets) {
        access.allow(identity, Right.SIGNS_REQUESTS, data.account());
        artifacts(identity, "objects claims results caches");
        access.allow(identity, Right.READS_JOURNAL, data.table());
        access.allow(identity, Right.SENDS, data.signals());
        access.allow(identity, Right.READS_LOGS, data.component());
        Collection<String> read = withTicketKey(secrets);
        if (!needs.builds().isEmpty()) {
            read.add(AzureNames.HOOK_KEY);
        }
        secrets(identity, needs.secrets(), read);
    }

    /** The engine keeps the journal, takes signals, starts and stops work. */
    void engine(Resource identity, Needs needs, List<String> secrets) {
        artifacts(identity, "objects claims results cancel deploys starts");
        blocks(identity);
        access.allow(identity, Right.KEEPS_JOURNAL, data.table());
        access.allow(identity, Right.SENDS, data.signals());
        access.allow(identity, Right.RECEIVES, data.signals());
        access.allow(identity, Right.SENDS, data.poison());
        access.allow(identity, Right.PUBLISHES, data.topic());
        access.allow(identity, Right.READS_LOGS, data.component());
        secrets(identity, needs.secrets(), withTicketKey(secrets));
    }

    /** The engine changes the apps that pipelines deploy to. What lies in another resource group, a template of this one cannot give a right on. */
    void deploying(Resource identity, Needs needs, SortedMap<String, AzureEnvironment> environments) {
        SortedSet<String> apps = new TreeSet<>();
        for (String environment : needs.environments()) {
            if (environments.get(environment) instanceof ContainerAppEnvironment app
                    && app.resourceGroup().isEmpty()) {
                apps.add(app.app());
            }
        }
        apps.forEach(app -> access.allow(
                identity,
                Right.DEPLOYS,
                template.add(Resource.ofOthers(Template.symbol("deployed " + app), Kind.CONTAINER_APP, app))));
        if (!needs.alarms().isEmpty()) {
            access.allow(identity, Right.READS_ALARMS);
        }
    }

    /** A worker carries out orders, and reads the secrets that it is there for. */
    void worker(Resource identity, List<String> references, Resource calls, Resource poison) {
        artifacts(identity, "objects claims results");
        blocks(identity);
        access.allow(identity, Right.RECEIVES, calls);
        access.allow(identity, Right.SENDS, poison);
        access.allow(identity, Right.SENDS, data.signals());
        secrets(identity, List.of(), references);
    }

    private void artifacts(Resource identity, String prefixes) {
        access.allow(identity, Right.READS_ARTIFACTS, data.container());
        access.allow(identity, Right.ADDS_ARTIFACTS, data.container(), prefixes);
    }

    /** What is too large for one request is written in blocks; this right would overwrite, so it ends at what is called by its digest. */
    private void blocks(Resource identity) {
        access.allow(identity, Right.WRITES_BLOCKS, data.container(), "objects");
    }

    /** Who may read a secret may find it. */
    private void secrets(Resource identity, Collection<String> found, Collection<String> read) {
        TreeSet<String> onlyFound = new TreeSet<>(found);
        onlyFound.removeAll(read);
        onlyFound.forEach(each -> access.allow(identity, Right.FINDS_SECRET, data.secret(template, each)));
        for (String each : read) {
            access.allow(identity, Right.FINDS_SECRET, data.secret(template, each));
            access.allow(identity, Right.READS_SECRET, data.secret(template, each));
        }
    }

    private static Collection<String> withTicketKey(List<String> references) {
        TreeSet<String> all = new TreeSet<>(references);
        all.add(AzureNames.TICKET_KEY);
        return all;
    }
}
