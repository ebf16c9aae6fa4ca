// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static dev.cumulane.gcp.blueprint.Template.id;
import static dev.cumulane.gcp.blueprint.Template.map;
import static dev.cumulane.gcp.blueprint.Template.ref;

import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.journal.JournalCollections;
import dev.cumulane.gcp.secrets.SecretManagerSecrets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The journal's database, the bucket, topics, queues and secrets, and the switches of the services behind them. */
final class DataResources {
    static final String ARTIFACTS = "artifacts";
    static final String SIGNALS = "signals";
    static final String DEAD_LETTERS = "signals_dead";
    static final String EVENTS = "events";
    static final String TIMERS = "timers";
    static final String WORK = "work";

    /** Signs the tickets by which builds ask ingress; nobody needs to know its value. */
    static final String TICKET_KEY = "ticket-key";

    private static final List<String> SERVICES = List.of(
            "artifactregistry",
            "cloudbuild",
            "cloudfunctions",
            "cloudscheduler",
            "cloudtasks",
            "firestore",
            "iam",
            "iamcredentials",
            "logging",
            "monitoring",
            "pubsub",
            "run",
            "secretmanager",
            "storage");
    private static final String KEPT = "1209600s";
    private static final String SECRET = "google_secret_manager_secret";

    private final Template template;
    private final GcpNames names;

    DataResources(Template template, GcpNames names) {
        this.template = template;
        this.names = names;
    }

    void write(Collection<String> secrets) {
        template.data("google_project", "this", map("project_id", names.project()));
        SERVICES.forEach(service -> template.resource(
                "google_project_service",
                service,
                map("service", service + ".googleapis.com", "disable_on_destroy", false)));
        journal();
        bucket();
        topics();
        queue(TIMERS, names.timers());
        secrets.forEach(this::secret);
        ticketKey();
    }

    private void journal() {
        template.resource(
                "google_firestore_database",
                "journal",
                map(
                        "name",
                        names.database(),
                        "location_id",
                        names.region(),
                        "type",
                        "FIRESTORE_NATIVE",
                        "point_in_time_recovery_enablement",
                        "POINT_IN_TIME_RECOVERY_ENABLED",
                        // It outlives the configuration, in case somebody takes that away by hand.
                        "deletion_policy",
                        "ABANDON",
                        "depends_on",
                        List.of("google_project_service.firestore")));
        for (JournalCollections.JournalCollection collection : JournalCollections.ALL) {
            field(collection.name(), "*", map("index_config", map()));
            collection.indexed().forEach(name -> field(collection.name(), name, map("index_config", bothOrders())));
            if (collection.ends()) {
                field(
                        collection.name(),
                        JournalCollections.TIME_TO_LIVE,
                        map("index_config", map(), "ttl_config", map()));
            }
        }
    }

    private static Map<String, Object> bothOrders() {
        return map("indexes", List.of(map("order", "ASCENDING"), map("order", "DESCENDING")));
    }

    private void field(String collection, String field, Map<String, Object> settings) {
        Map<String, Object> arguments = map(
                "database",
                ref("google_firestore_database", "journal", "name"),
                "collection",
                collection,
                "field",
                field);
        arguments.putAll(settings);
        template.resource("google_firestore_field", id(collection, field.equals("*") ? "others" : field), arguments);
    }

    private void bucket() {
        template.resource(
                "google_storage_bucket",
                ARTIFACTS,
                map(
                        "name",
                        names.bucket(),
                        "location",
                        names.region(),
                        "uniform_bucket_level_access",
                        true,
                        "public_access_prevention",
                        "enforced",
                        "force_destroy",
                        false,
                        "lifecycle_rule",
                        List.of(
                                expiring("claims/", 90),
                                expiring("cancel/", 90),
                                expiring("results/", 90),
                                expiring("caches/", 30)),
                        "depends_on",
                        List.of("google_project_service.storage")));
    }

    private static Map<String, Object> expiring(String prefix, int days) {
        return map("action", map("type", "Delete"), "condition", map("age", days, "matches_prefix", List.of(prefix)));
    }

    private void topics() {
        topic(SIGNALS, names.signals());
        topic(DEAD_LETTERS, names.deadLetters());
        topic(EVENTS, names.events());
        template.resource(
                "google_pubsub_subscription",
                DEAD_LETTERS,
                map(
                        "name",
                        last(names.deadLetters()),
                        "topic",
                        ref("google_pubsub_topic", DEAD_LETTERS, "id"),
                        "message_retention_duration",
                        KEPT,
                        "expiration_policy",
                        map("ttl", "")));
    }

    private void topic(String name, String resource) {
        template.resource(
                "google_pubsub_topic",
                name,
                map("name", last(resource), "depends_on", List.of("google_project_service.pubsub")));
    }

    /** A queue of Cloud Tasks, which tries for a day. */
    void queue(String name, String resource) {
        template.resource(
                "google_cloud_tasks_queue",
                name,
                map(
                        "name",
                        last(resource),
                        "location",
                        names.region(),
                        "retry_config",
                        map(
                                "max_attempts",
                                -1,
                                "max_retry_duration",
                                "86400s",
                                "min_backoff",
                                "1s",
                                "max_backoff",
                                "300s"),
                        "depends_on",
                        List.of("google_project_service.cloudtasks")));
    }

    /** A place for a value, which somebody who may know it puts there. */
    private void secret(String reference) {
        template.resource(
                SECRET,
                id(reference),
                map(
                        "secret_id",
                        last(SecretManagerSecrets.name(names, reference)),
                        "replication",
                        map("auto", map()),
                        "depends_on",
                        List.of("google_project_service.secretmanager")));
    }

    private void ticketKey() {
        template.ephemeral("random_password", id(TICKET_KEY), map("length", 64, "special", false));
        template.resource(
                "google_secret_manager_secret_version",
                id(TICKET_KEY),
                map(
                        "secret",
                        ref(SECRET, id(TICKET_KEY), "id"),
                        "secret_data_wo",
                        "${ephemeral.random_password." + id(TICKET_KEY) + ".result}",
                        "secret_data_wo_version",
                        1));
    }

    static String last(String resource) {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }
}
