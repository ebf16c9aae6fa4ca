// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static dev.cumulane.gcp.blueprint.Template.id;
import static dev.cumulane.gcp.blueprint.Template.map;
import static dev.cumulane.gcp.blueprint.Template.ref;

import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The functions {@code ingress} and {@code engine} with what calls them, and a worker for each trust level and set of secrets. */
final class FunctionResources {
    /** The output with the address of ingress. */
    static final String INGRESS_OUTPUT = "ingress";

    /** The variable with the bucket that holds the team's package. */
    static final String CODE_BUCKET = "code_bucket";

    /** The variable with the package's name in that bucket. */
    static final String CODE_OBJECT = "code_object";

    private static final String FUNCTION = "google_cloudfunctions2_function";
    private static final String RUNTIME = "java21";

    /** Pub/Sub waits at most ten minutes for an answer; the engine takes far less. */
    private static final int ENGINE_SECONDS = 120;

    private static final int INGRESS_SECONDS = 25;
    private static final int WORKER_SECONDS = 1800;
    private static final int MOST_DELIVERIES = 20;

    private final Template template;
    private final Access access;
    private final Installation installation;
    private final Permissions permissions;

    FunctionResources(Template template, Access access, Installation installation) {
        this.template = template;
        this.access = access;
        this.installation = installation;
        this.permissions = new Permissions(access, installation);
    }

    /** The name of a function's Cloud Run service, known when it is there. */
    static String service(String function) {
        return ref(FUNCTION, id(function), "name");
    }

    private static String address(String function) {
        return ref(FUNCTION, id(function), "service_config[0].uri");
    }

    void write(DataResources data) {
        template.variable(CODE_BUCKET, "The bucket that holds the team's package.");
        template.variable(CODE_OBJECT, "The name of the team's package in that bucket.");
        access.onProject(
                access.account(packager(), "builds the functions from the team's package"),
                "builds functions",
                "roles/cloudbuild.builds.builder");
        Access.Member caller =
                access.account(installation.work().caller(), "calls the functions for queues, topic and timer");
        ingress();
        engine(caller);
        if (!installation.needs().functions().isEmpty()) {
            data.queue(DataResources.WORK, installation.work().queue());
        }
        installation.needs().eachWorker((trust, references) -> {
            String name = installation.work().worker(trust, references);
            Access.Member worker = access.account(
                    installation.work().workerAccount(trust, references), "is what function " + name + " acts as");
            permissions.worker(worker, references);
            function(name, "worker", installation.work().workerAccount(trust, references), WORKER_SECONDS, proof(name));
            access.invokes(caller, name);
        });
    }

    private String packager() {
        return installation.names().serviceAccount("package");
    }

    private void ingress() {
        String name = installation.function("ingress");
        String address = installation.names().serviceAccount("ingress");
        permissions.ingress(access.account(address, "is what function " + name + " acts as"));
        function(name, "ingress", address, INGRESS_SECONDS, map());
        access.invokes(Access.everybody(), name);
        template.output(INGRESS_OUTPUT, address(name), "Where webhooks, pages and builds ask.");
    }

    private void engine(Access.Member caller) {
        String name = installation.function("engine");
        String address = installation.names().serviceAccount("engine");
        permissions.engine(access.account(address, "is what function " + name + " acts as"));
        Map<String, Object> variables = proof(name);
        variables.put("CUMULANE_INGRESS", address(installation.function("ingress")));
        function(name, "engine", address, ENGINE_SECONDS, variables);
        access.invokes(caller, name);
        subscriptions(name);
        sweep(name);
        access.publishes(
                access.account(installation.names().serviceAccount("timers"), "publishes signals whose time has come"),
                DataResources.SIGNALS);
    }

    /** By which a function knows who calls it. */
    private Map<String, Object> proof(String name) {
        return map(
                "CUMULANE_AUDIENCE",
                installation.work().audience(name),
                "CUMULANE_CALLER",
                installation.work().caller());
    }

    private void function(String name, String role, String account, int seconds, Map<String, Object> more) {
        Map<String, Object> variables = map(
                "CUMULANE_ROLE",
                role,
                "CUMULANE_CODE",
                installation.code().digest().hex());
        variables.putAll(more);
        template.resource(
                FUNCTION,
                id(name),
                map(
                        "name",
                        name,
                        "location",
                        installation.names().region(),
                        "build_config",
                        map(
                                "runtime",
                                RUNTIME,
                                "entry_point",
                                installation.code().entry(),
                                "service_account",
                                ref("google_service_account", id(account(packager())), "id"),
                                "source",
                                map(
                                        "storage_source",
                                        map(
                                                "bucket",
                                                "${var." + CODE_BUCKET + "}",
                                                "object",
                                                "${var." + CODE_OBJECT + "}"))),
                        "service_config",
                        map(
                                "available_memory",
                                "1Gi",
                                "available_cpu",
                                "1",
                                "timeout_seconds",
                                seconds,
                                "max_instance_request_concurrency",
                                role.equals("worker") ? 1 : 8,
                                "max_instance_count",
                                100,
                                "service_account_email",
                                Access.email(account),
                                "environment_variables",
                                variables),
                        "depends_on",
                        List.of("google_project_service.cloudfunctions", "google_project_service.run")));
    }

    private static String account(String address) {
        return address.substring(0, address.indexOf('@'));
    }

    /** Signals come on the installation's own topic, what services tell on those that the project has for everybody. */
    private void subscriptions(String engine) {
        subscription(
                engine,
                DataResources.SIGNALS,
                DataResources.last(installation.names().signals()),
                ref("google_pubsub_topic", DataResources.SIGNALS, "id"));
        installation
                .sharedTopics()
                .forEach((use, topic) -> subscription(
                        engine,
                        use,
                        installation.function(use),
                        "projects/" + installation.names().project() + "/topics/" + topic));
        Access.Member agent = access.agent("pubsub");
        access.publishes(agent, DataResources.DEAD_LETTERS);
        access.onAccount(
                agent,
                "token of",
                "roles/iam.serviceAccountTokenCreator",
                installation.work().caller());
    }

    private void subscription(String engine, String block, String name, String topic) {
        template.resource(
                "google_pubsub_subscription",
                block,
                map(
                        "name",
                        name,
                        "topic",
                        topic,
                        "ack_deadline_seconds",
                        ENGINE_SECONDS,
                        "message_retention_duration",
                        "604800s",
                        "expiration_policy",
                        map("ttl", ""),
                        "push_config",
                        map("push_endpoint", address(engine), "oidc_token", token(engine)),
                        "retry_policy",
                        map("minimum_backoff", "1s", "maximum_backoff", "600s"),
                        "dead_letter_policy",
                        map(
                                "dead_letter_topic",
                                ref("google_pubsub_topic", DataResources.DEAD_LETTERS, "id"),
                                "max_delivery_attempts",
                                MOST_DELIVERIES)));
        template.resource(
                "google_pubsub_subscription_iam_member",
                block,
                map(
                        "subscription",
                        ref("google_pubsub_subscription", block, "id"),
                        "role",
                        "roles/pubsub.subscriber",
                        "member",
                        access.agent("pubsub").member()));
    }

    /** What proves to a function that the caller calls. */
    private Map<String, Object> token(String function) {
        return map(
                "service_account_email",
                Access.email(installation.work().caller()),
                "audience",
                installation.work().audience(function));
    }

    private void sweep(String engine) {
        template.resource(
                "google_cloud_scheduler_job",
                "sweep",
                map(
                        "name",
                        installation.function("sweep"),
                        "region",
                        installation.names().region(),
                        "schedule",
                        "*/5 * * * *",
                        "time_zone",
                        "Etc/UTC",
                        "attempt_deadline",
                        ENGINE_SECONDS + "s",
                        "http_target",
                        map(
                                "http_method",
                                "POST",
                                "uri",
                                address(engine),
                                "headers",
                                map("Content-Type", "application/json"),
                                "body",
                                BaseEncoding.base64().encode("{\"sweep\": true}".getBytes(StandardCharsets.UTF_8)),
                                "oidc_token",
                                token(engine)),
                        "depends_on",
                        List.of("google_project_service.cloudscheduler")));
    }
}
