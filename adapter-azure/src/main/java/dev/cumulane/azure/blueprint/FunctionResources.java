// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.azure.blueprint.Template.map;
import static dev.cumulane.azure.blueprint.Template.symbol;

import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureVariables;
import dev.cumulane.azure.deliveries.AzureEnvironment;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Needs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The function apps of ingress, of the engine, and of a worker for each trust level and set of secrets. Each has an identity, a plan and a storage account of its host to itself, so that
 * what runs in one can change nothing that runs in another.
 */
final class FunctionResources {
    /** The output with the address of ingress. */
    static final String INGRESS_OUTPUT = "ingress";

    /** The container of an app's own account with its package. */
    private static final String PACKAGES = "packages";

    /** A function of Java that does little needs little; the smallest instances are not had in all regions. */
    private static final int MEGABYTES = 2048;

    private static final int MOST_INSTANCES = 40;
    private static final String JAVA = "21";
    private static final String EVERY_FIVE_MINUTES = "0 */5 * * * *";

    private final WorkNames work;
    private final AzureNames names;
    private final Blueprint.Demand demand;
    private final Blueprint.Code code;
    private final SortedMap<String, AzureEnvironment> environments;

    FunctionResources(
            WorkNames work,
            Blueprint.Demand demand,
            Blueprint.Code code,
            SortedMap<String, AzureEnvironment> environments) {
        this.environments = environments;
        this.work = work;
        this.names = work.names();
        this.demand = demand;
        this.code = code;
    }

    void write(Template template, Access access, DataResources data, Needs needs) {
        Permissions permissions = new Permissions(access, data, template);
        App ingress = app(template, access, data, "ingress");
        permissions.ingress(ingress.identity(), needs, demand.ingressSecrets());
        Resource answers = template.add(ingress.with(map()));
        Expression address =
                new Expression.Joined(List.of("https://", new Expression.Property(answers, "defaultHostName")));
        template.output(INGRESS_OUTPUT, address);
        App engine = app(template, access, data, "engine");
        permissions.engine(engine.identity(), needs, demand.engineSecrets());
        permissions.deploying(engine.identity(), needs, environments);
        template.add(engine.with(map(AzureVariables.INGRESS, address, AzureVariables.SWEEP, EVERY_FIVE_MINUTES)));
        List<Resource> calls = new ArrayList<>();
        needs.eachWorker((trust, references) -> {
            String role = work.worker(trust, references);
            App worker = app(template, access, data, role);
            Resource queue = data.queue(template, symbol(role + " calls"), role);
            Resource poison = data.queue(template, symbol(role + " calls poison"), role + "-poison");
            permissions.worker(worker.identity(), references, queue, poison);
            calls.add(queue);
            template.add(worker.with(map(AzureVariables.CALLS, role)));
        });
        calls.forEach(queue -> access.allow(engine.identity(), Right.SENDS, queue));
    }

    /** A function app that is not there yet: what its identity may do comes before it. */
    private record App(
            String role,
            String name,
            Resource identity,
            Map<String, Object> properties,
            Map<String, Object> settings,
            Resource hosting) {
        Resource with(Map<String, Object> more) {
            Map<String, Object> whole = map();
            whole.putAll(settings);
            whole.putAll(more);
            List<Object> listed = new ArrayList<>();
            whole.forEach((name, value) -> listed.add(map("name", name, "value", value)));
            Map<String, Object> all = map();
            all.putAll(properties);
            all.put("siteConfig", map("minTlsVersion", "1.2", "ftpsState", "Disabled", "appSettings", listed));
            Map<String, Object> body = map(
                    "location",
                    Expression.LOCATION,
                    "kind",
                    "functionapp,linux",
                    "identity",
                    map("type", "UserAssigned", "userAssignedIdentities", new Expression.Identities(identity)),
                    "properties",
                    all);
            return Resource.of(symbol(role + " app"), Kind.APP, name, body).after(List.of(hosting));
        }
    }

    private App app(Template template, Access access, DataResources data, String role) {
        Resource identity = access.identity(role);
        Resource host = DataResources.account(template, symbol(role + " host"), names.hostAccount(role));
        Resource blobs = template.add(host.part(symbol(role + " host blobs"), Kind.BLOBS, "default", map()));
        Resource packages = template.add(blobs.part(
                symbol(role + " packages"), Kind.CONTAINER, PACKAGES, map("properties", map("publicAccess", "None"))));
        Resource hosting = access.allow(identity, Access.BLOB_OWNER, host);
        Resource plan = template.add(Resource.of(
                symbol(role + " plan"),
                Kind.PLAN,
                names.functionApp(role),
                map(
                        "location",
                        Expression.LOCATION,
                        "kind",
                        "functionapp",
                        "sku",
                        map("name", "FC1", "tier", "FlexConsumption"),
                        "properties",
                        map("reserved", true))));
        return new App(
                role,
                names.functionApp(role),
                identity,
                site(identity, plan, host, packages),
                settings(identity, host, data),
                hosting);
    }

    private static Map<String, Object> site(Resource identity, Resource plan, Resource host, Resource packages) {
        return map(
                "serverFarmId",
                new Expression.Id(plan),
                "httpsOnly",
                true,
                "keyVaultReferenceIdentity",
                new Expression.Id(identity),
                "functionAppConfig",
                map(
                        "deployment",
                        map(
                                "storage",
                                map(
                                        "type",
                                        "blobContainer",
                                        "value",
                                        "https://" + host.name() + ".blob.core.windows.net/" + packages.name(),
                                        "authentication",
                                        map(
                                                "type",
                                                "UserAssignedIdentity",
                                                "userAssignedIdentityResourceId",
                                                new Expression.Id(identity)))),
                        "runtime",
                        map("name", "java", "version", JAVA),
                        "scaleAndConcurrency",
                        map("instanceMemoryMB", MEGABYTES, "maximumInstanceCount", MOST_INSTANCES)));
    }

    private Map<String, Object> settings(Resource identity, Resource host, DataResources data) {
        Expression client = new Expression.Property(identity, "clientId");
        return map(
                "APPLICATIONINSIGHTS_CONNECTION_STRING",
                new Expression.Property(data.component(), "ConnectionString"),
                "AZURE_CLIENT_ID",
                client,
                AzureVariables.SUBSCRIPTION,
                names.subscription(),
                "AzureWebJobsStorage__accountName",
                host.name(),
                "AzureWebJobsStorage__clientId",
                client,
                "AzureWebJobsStorage__credential",
                "managedidentity",
                AzureVariables.CODE,
                code.digest().hex(),
                AzureVariables.STORAGE + "__clientId",
                client,
                AzureVariables.STORAGE + "__credential",
                "managedidentity",
                AzureVariables.STORAGE + "__queueServiceUri",
                "https://" + data.account().name() + ".queue.core.windows.net");
    }
}
