// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import dev.cumulane.cloud.Needs;
import dev.cumulane.gcp.deliveries.FunctionEnvironment;
import dev.cumulane.gcp.deliveries.GcpEnvironment;
import dev.cumulane.gcp.deliveries.PipelineEnvironment;
import dev.cumulane.run.TrustLevel;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What service accounts may do: the calls that each makes, on the resources that it makes them on. */
final class Permissions {
    private static final String READS = "storage.objects.get";

    /** What cannot delete cannot overwrite either. */
    private static final String CREATES = "storage.objects.create";

    private final Access access;
    private final Installation installation;
    private final Needs needs;

    Permissions(Access access, Installation installation) {
        this.access = access;
        this.installation = installation;
        this.needs = installation.needs();
    }

    /** Ingress reads for the pages and sends; it signs with its own rights what builds read and write. */
    void ingress(Access.Member who) {
        common(who);
        objects(who, "objects claims results caches", "objects claims results caches");
        access.onJournal(
                who,
                access.role(
                        "journal reader", "datastore.databases.get datastore.entities.get datastore.entities.list"));
        access.onAccount(
                who,
                "signs as",
                access.role("signer", "iam.serviceAccounts.signBlob"),
                installation.names().serviceAccount("ingress"));
        readsLogs(who);
        if (!needs.builds().isEmpty()) {
            access.onProject(who, "looks at builds", access.role("build reader", "cloudbuild.builds.get"));
        }
        finds(who);
        installation.ingressSecrets().forEach(reference -> access.readsSecret(who, reference));
    }

    /** The engine keeps the journal, starts and stops work, and deploys. */
    void engine(Access.Member who) {
        common(who);
        objects(who, "objects claims results deploys", "objects claims results cancel deploys");
        access.onJournal(
                who,
                access.role(
                        "journal writer",
                        "datastore.databases.get datastore.entities.create datastore.entities.delete datastore.entities.get"
                                + " datastore.entities.list datastore.entities.update"));
        access.publishes(who, DataResources.EVENTS);
        access.enqueues(who, DataResources.TIMERS);
        access.actsAs(who, installation.names().serviceAccount("timers"));
        readsLogs(who);
        builds(who);
        functions(who);
        finds(who);
        installation.engineSecrets().forEach(reference -> access.readsSecret(who, reference));
        deploys(who);
    }

    /** A worker carries out orders, and reads the secrets that it is there for. */
    void worker(Access.Member who, List<String> references) {
        common(who);
        objects(who, "objects claims results cancel", "objects claims results");
        references.forEach(reference -> access.readsSecret(who, reference));
    }

    private void common(Access.Member who) {
        // Without it Cloud Storage answers 403 and not 404 for what is not there.
        access.onBucket(who, "tells what is absent", access.role("object lister", "storage.objects.list"));
        access.publishes(who, DataResources.SIGNALS);
    }

    private void objects(Access.Member who, String read, String created) {
        access.onObjects(who, "reads", access.role("object reader", READS), read);
        access.onObjects(who, "creates", access.role("object creator", CREATES), created);
    }

    private void readsLogs(Access.Member who) {
        access.onProject(who, "reads logs", access.role("log reader", "logging.logEntries.list"));
    }

    /** Whether secrets exist is asked without reading them. */
    private void finds(Access.Member who) {
        needs.secrets()
                .forEach(reference -> access.onSecret(
                        who, "find", access.role("secret finder", "secretmanager.versions.get"), reference));
    }

    /** An account for each pipeline, trust level and set of secrets, which writes logs, reads these secrets and does nothing else. */
    private void builds(Access.Member engine) {
        if (needs.builds().isEmpty()) {
            return;
        }
        access.onProject(
                engine,
                "builds",
                access.role(
                        "builder",
                        "cloudbuild.builds.create cloudbuild.builds.get cloudbuild.builds.list cloudbuild.builds.update"));
        needs.builds().forEach((pipeline, sets) -> {
            for (TrustLevel trust : TrustLevel.values()) {
                NavigableSet<String> all = new TreeSet<>(List.of(""));
                if (Needs.WITH_SECRETS.contains(trust)) {
                    all.addAll(sets);
                }
                all.forEach(set -> build(engine, pipeline, trust, Needs.references(set)));
            }
        });
    }

    private void build(Access.Member engine, String pipeline, TrustLevel trust, List<String> references) {
        String address = installation.work().buildAccount(pipeline, trust, references);
        Access.Member build = access.account(address, "is what builds of " + pipeline + " act as");
        access.onProject(build, "writes logs", access.role("log writer", "logging.logEntries.create"));
        references.forEach(reference -> access.readsSecret(build, reference));
        access.actsAs(engine, address);
    }

    private void functions(Access.Member engine) {
        if (needs.functions().isEmpty()) {
            return;
        }
        access.enqueues(engine, DataResources.WORK);
        access.actsAs(engine, installation.work().caller());
        needs.eachWorker((trust, references) -> {
            String worker = installation.work().worker(trust, references);
            access.onService(
                    engine,
                    "finds " + worker,
                    access.role("revision finder", "run.services.get"),
                    FunctionResources.service(worker));
        });
    }

    private void deploys(Access.Member engine) {
        for (GcpEnvironment environment : installation.bound()) {
            if (environment instanceof FunctionEnvironment function) {
                deploysTo(engine, function.function());
            } else if (environment instanceof PipelineEnvironment pipeline) {
                access.onPipeline(
                        engine,
                        access.role(
                                "release hander",
                                "clouddeploy.releases.abandon clouddeploy.releases.create clouddeploy.releases.get"
                                        + " clouddeploy.rollouts.advance clouddeploy.rollouts.approve"
                                        + " clouddeploy.rollouts.cancel clouddeploy.rollouts.create"
                                        + " clouddeploy.rollouts.get clouddeploy.rollouts.list"),
                        pipeline.pipeline());
            }
        }
        if (installation.bound().stream().anyMatch(FunctionEnvironment.class::isInstance)) {
            access.onProject(
                    engine,
                    "uploads code",
                    access.role(
                            "code uploader", "cloudfunctions.functions.sourceCodeSet cloudfunctions.operations.get"));
        }
        if (!needs.alarms().isEmpty()) {
            access.onProject(
                    engine,
                    "looks at alarms",
                    access.role("alarm reader", "monitoring.alertPolicies.list monitoring.alerts.list"));
        }
    }

    /** What the function that is deployed to acts as is somebody else's: to hand that on, the engine is allowed by them. */
    private void deploysTo(Access.Member engine, String function) {
        access.onFunction(
                engine,
                "deploys " + function,
                access.role("function updater", "cloudfunctions.functions.get cloudfunctions.functions.update"),
                function);
        access.onService(
                engine,
                "shares traffic of " + function,
                access.role("traffic sharer", "run.services.get run.services.update"),
                function);
    }
}
