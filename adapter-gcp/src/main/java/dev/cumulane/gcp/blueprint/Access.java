// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static dev.cumulane.gcp.blueprint.Template.id;
import static dev.cumulane.gcp.blueprint.Template.map;
import static dev.cumulane.gcp.blueprint.Template.ref;

import dev.cumulane.gcp.client.GcpNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who may do what: service accounts, and bindings of single ones to single resources.
 *
 * <p>Roles are the installation's own, with exact permissions; of Google's there are those alone that hold no more than is needed, and the one that Cloud Functions wants for
 * building a function.
 */
final class Access {
    private static final String ACCOUNT = "google_service_account";

    private final Template template;
    private final GcpNames names;
    private final Set<String> roles = new TreeSet<>();
    private final Set<String> bound = new TreeSet<>();

    Access(Template template, GcpNames names) {
        this.template = template;
        this.names = names;
    }

    /**
     * Somebody.
     *
     * @param id the block's name, for names of bindings
     * @param member as bindings name them
     */
    record Member(String id, String member) {}

    /** A service account, by its address. */
    Member account(String address, String description) {
        String account = address.substring(0, address.indexOf('@'));
        template.resource(ACCOUNT, id(account), map("account_id", account, "display_name", description));
        return member(address);
    }

    /** A service account that is there. */
    static Member member(String address) {
        String name = id(address.substring(0, address.indexOf('@')));
        return new Member(name, "serviceAccount:" + email(address));
    }

    /** The address of a service account of the installation, known when it is there. */
    static String email(String address) {
        return ref(ACCOUNT, id(address.substring(0, address.indexOf('@'))), "email");
    }

    /** What a service of Google's own acts as in this project. */
    Member agent(String service) {
        return new Member(
                id(service + " agent"),
                "serviceAccount:service-${data.google_project.this.number}@gcp-sa-" + service
                        + ".iam.gserviceaccount.com");
    }

    /** A role of the installation's own, with these permissions, given as one text with spaces. */
    String role(String name, String permissions) {
        String key = id(name);
        if (roles.add(key)) {
            template.resource(
                    "google_project_iam_custom_role",
                    key,
                    map(
                            "role_id",
                            id(names.namespace(), name),
                            "title",
                            names.namespace() + ": " + name,
                            "permissions",
                            List.of(permissions.split(" "))));
        }
        return ref("google_project_iam_custom_role", key, "id");
    }

    /** In the whole project, for what knows no smaller place. */
    void onProject(Member who, String what, String role) {
        bind("google_project_iam_member", who, what, map("project", names.project(), "role", role));
    }

    /** In the journal's database alone. */
    void onJournal(Member who, String role) {
        String name = "projects/" + names.project() + "/databases/" + names.database();
        Map<String, Object> binding = map("project", names.project(), "role", role);
        binding.put("condition", map("title", "the journal", "expression", "resource.name == \"" + name + "\""));
        bind("google_project_iam_member", who, "journal", binding);
    }

    /** On what lies in the bucket under these prefixes, given as one text with spaces. */
    void onObjects(Member who, String what, String role, String prefixes) {
        String expression = Arrays.stream(prefixes.split(" "))
                .map(prefix -> "resource.name.startsWith(\"projects/_/buckets/" + names.bucket() + "/objects/" + prefix
                        + "/\")")
                .collect(Collectors.joining(" || "));
        Map<String, Object> binding =
                map("bucket", ref("google_storage_bucket", DataResources.ARTIFACTS, "name"), "role", role);
        binding.put("condition", map("title", prefixes, "expression", expression));
        bind("google_storage_bucket_iam_member", who, what, binding);
    }

    void onBucket(Member who, String what, String role) {
        bind(
                "google_storage_bucket_iam_member",
                who,
                what,
                map("bucket", ref("google_storage_bucket", DataResources.ARTIFACTS, "name"), "role", role));
    }

    void publishes(Member who, String topic) {
        bind(
                "google_pubsub_topic_iam_member",
                who,
                topic,
                map("topic", ref("google_pubsub_topic", topic, "id"), "role", "roles/pubsub.publisher"));
    }

    void enqueues(Member who, String queue) {
        bind(
                "google_cloud_tasks_queue_iam_member",
                who,
                queue,
                map(
                        "name",
                        ref("google_cloud_tasks_queue", queue, "name"),
                        "location",
                        names.region(),
                        "role",
                        "roles/cloudtasks.enqueuer"));
    }

    /** On one secret of the installation. */
    void onSecret(Member who, String what, String role, String reference) {
        bind(
                "google_secret_manager_secret_iam_member",
                who,
                what + " " + reference,
                map("secret_id", ref("google_secret_manager_secret", id(reference), "id"), "role", role));
    }

    void readsSecret(Member who, String reference) {
        onSecret(who, "read", "roles/secretmanager.secretAccessor", reference);
    }

    /** Lets somebody hand another account's identity to what they start. */
    void actsAs(Member who, String address) {
        onAccount(who, "as", "roles/iam.serviceAccountUser", address);
    }

    void onAccount(Member who, String what, String role, String address) {
        Member whom = member(address);
        bind(
                "google_service_account_iam_member",
                who,
                what + " " + whom.id(),
                map("service_account_id", ref(ACCOUNT, whom.id(), "name"), "role", role));
    }

    /** On the Cloud Run service of a function. */
    void onService(Member who, String what, String role, String service) {
        bind(
                "google_cloud_run_v2_service_iam_member",
                who,
                what,
                map("name", service, "location", names.region(), "role", role));
    }

    /** On a function of Cloud Functions. */
    void onFunction(Member who, String what, String role, String function) {
        bind(
                "google_cloudfunctions2_function_iam_member",
                who,
                what,
                map("cloud_function", function, "location", names.region(), "role", role));
    }

    /** On a delivery pipeline of Cloud Deploy, with its releases and rollouts. */
    void onPipeline(Member who, String role, String pipeline) {
        bind(
                "google_clouddeploy_delivery_pipeline_iam_member",
                who,
                "hands over to " + pipeline,
                map("name", pipeline, "location", names.region(), "role", role));
    }

    /** Lets somebody, or everybody, call a function. */
    void invokes(Member who, String function) {
        onService(who, "invoke " + function, "roles/run.invoker", FunctionResources.service(function));
    }

    /** What stands there already needs not be said again: two environments may share a pipeline. */
    private void bind(String type, Member who, String what, Map<String, Object> binding) {
        binding.put("member", who.member());
        if (bound.add(type + " " + id(who.id(), what))) {
            template.resource(type, id(who.id(), what), binding);
        }
    }

    /** Whoever bears no name. */
    static Member everybody() {
        return new Member("everybody", "allUsers");
    }
}
