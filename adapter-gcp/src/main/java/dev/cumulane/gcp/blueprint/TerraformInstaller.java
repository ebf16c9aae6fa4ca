// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.run.v2.ServicesClient;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Pace;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import dev.cumulane.gcp.client.GoogleRequest;
import dev.cumulane.gcp.work.WorkNames;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Installs by the command {@code terraform}, which keeps its state in a bucket beside the installation, with the team's package and the configuration that was installed. Who installs may make and
 * bind all that the configuration has; the credentials are Terraform's usual ones. One thread.
 */
public final class TerraformInstaller implements Installer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Blueprint.Code NONE = new Blueprint.Code("none", Digest.of(new byte[0]));
    private static final String SERVICE = "Terraform";

    /** What was to be installed last, whether or not that has come to its end. */
    private static final String WANTED = "wanted.json";

    /** What was installed last. */
    private static final String INSTALLED = "installed.json";

    private static final String RESOURCES = "resource";

    private final GcpNames names;
    private final Blueprint blueprint;
    private final Tools tools;
    private final Supplier<GoogleApi> pubSub;
    private final InstallBucket bucket;
    private final WorkerTags tags;

    /**
     * What it installs with.
     *
     * @param command the command of Terraform
     * @param backend where Terraform keeps its state, as its configuration says it
     * @param pace how often and how long to look
     */
    record Tools(String command, Map<String, Object> backend, Pace pace) {}

    /**
     * An installer.
     *
     * @param storage makes the API of Cloud Storage on first use
     * @param pubSub makes the API of Pub/Sub on first use
     * @param services gives the client of Cloud Run
     * @param names what everything is called
     * @param blueprint writes the configuration
     */
    public TerraformInstaller(
            Supplier<GoogleApi> storage,
            Supplier<GoogleApi> pubSub,
            Supplier<ServicesClient> services,
            GcpNames names,
            Blueprint blueprint) {
        this(
                storage,
                pubSub,
                services,
                names,
                blueprint,
                new Tools(
                        "terraform",
                        Map.of("gcs", Template.map("bucket", names.installBucket(), "prefix", "terraform")),
                        Pace.USUAL));
    }

    TerraformInstaller(
            Supplier<GoogleApi> storage,
            Supplier<GoogleApi> pubSub,
            Supplier<ServicesClient> services,
            GcpNames names,
            Blueprint blueprint,
            Tools tools) {
        this.pubSub = pubSub;
        this.names = names;
        this.blueprint = blueprint;
        this.tools = tools;
        this.bucket = new InstallBucket(storage, names);
        this.tags = new WorkerTags(services, tools.pace());
    }

    @Override
    public String name() {
        return "installation " + names;
    }

    @Override
    public List<Change> changes(Blueprint.Demand demand) {
        Optional<JsonNode> installed = configuration(INSTALLED);
        Blueprint.Code code = installed.map(TerraformInstaller::code).orElse(NONE);
        return Differences.between(
                resources(installed), parse(blueprint.template(demand, code)).path(RESOURCES));
    }

    private static Blueprint.Code code(JsonNode configuration) {
        JsonNode said = configuration.path("locals").path(Template.LOCAL);
        return new Blueprint.Code(
                said.path(Template.ENTRY).asText(),
                new Digest(said.path(Template.CODE).asText()));
    }

    private Optional<JsonNode> configuration(String name) {
        return bucket.read(name).map(bytes -> parse(new String(bytes, UTF_8)));
    }

    private static JsonNode resources(Optional<JsonNode> configuration) {
        return configuration.map(each -> each.path(RESOURCES)).orElse(JsonNodeFactory.instance.objectNode());
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw CloudException.permanent(SERVICE, "what was installed is no JSON", e);
        }
    }

    @Override
    public Installed install(Blueprint.Demand demand, Archive archive, Consumer<String> progress) {
        String text = blueprint.template(demand, archive.code());
        bucket.require();
        String source = upload(archive, progress);
        JsonNode resources = parse(text).path(RESOURCES);
        resources.path("google_pubsub_subscription").findValuesAsText("topic").stream()
                .filter(topic -> topic.startsWith("projects/"))
                .forEach(this::shared);
        SortedMap<String, List<TrafficTarget>> workers = workers(resources);
        bucket.put(WANTED, GoogleRequest.Body.of(text.getBytes(UTF_8)));
        return inDirectory(text, source, terraform -> {
            boolean changed = terraform.plan();
            if (changed) {
                progress.accept("changing " + name());
                terraform.apply(progress);
            }
            bucket.put(INSTALLED, GoogleRequest.Body.of(text.getBytes(UTF_8)));
            for (Map.Entry<String, List<TrafficTarget>> worker : workers.entrySet()) {
                changed |=
                        tags.put(worker.getKey(), WorkNames.tag(archive.code().digest()), worker.getValue());
            }
            String address = terraform
                    .output(FunctionResources.INGRESS_OUTPUT)
                    .orElseThrow(() -> CloudException.permanent(
                            SERVICE, name() + " has no output " + FunctionResources.INGRESS_OUTPUT));
            return new Installed(changed, URI.create(address.replaceFirst("/$", "")));
        });
    }

    /** Others in this project may have made it, and may need it when this installation is gone: so it is no part of the configuration. */
    private void shared(String topic) {
        GoogleRequest put = GoogleRequest.with(
                "createTopic",
                "PUT",
                "/v1/" + topic,
                Map.of("Content-Type", "application/json"),
                GoogleRequest.Body.of("{}".getBytes(UTF_8)));
        boolean unused = new GcpService("Pub/Sub", topic).call("create it", () -> {
            try {
                return pubSub.get().send(put).isMissingNode();
            } catch (GoogleApiException e) {
                if (e.isExisting()) {
                    return true;
                }
                throw e;
            }
        });
    }

    /** Cloud Functions takes a zip with the jar in it. */
    private String upload(Archive archive, Consumer<String> progress) {
        String name = "code/" + archive.code().digest().hex() + ".zip";
        if (!bucket.has(name)) {
            progress.accept("uploading " + archive.file().getFileName() + " to bucket " + names.installBucket());
            inTemporary(directory -> {
                Path zip = directory.resolve("code.zip");
                pack(archive.file(), zip);
                bucket.put(name, new GoogleRequest.Body(Files.size(zip), () -> Files.newInputStream(zip)));
                return name;
            });
        }
        return name;
    }

    private static void pack(Path jar, Path zip) throws IOException {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream packed = new ZipOutputStream(out)) {
            ZipEntry entry = new ZipEntry("app.jar");
            entry.setTime(0);
            packed.putNextEntry(entry);
            Files.copy(jar, packed);
            packed.closeEntry();
        }
    }

    /** The services of the workers, with the tags that they have now. */
    private SortedMap<String, List<TrafficTarget>> workers(JsonNode resources) {
        SortedMap<String, List<TrafficTarget>> workers = new TreeMap<>();
        for (JsonNode function : resources.path("google_cloudfunctions2_function")) {
            String role = function.at("/service_config/environment_variables/CUMULANE_ROLE")
                    .asText();
            if (role.equals("worker")) {
                String service = "projects/" + names.project() + "/locations/" + names.region() + "/services/"
                        + function.path("name").asText();
                workers.put(service, tags.of(service));
            }
        }
        return workers;
    }

    private <T> T inDirectory(String configuration, String source, Function<Terraform, T> work) {
        return inTemporary(directory -> {
            Files.writeString(directory.resolve("main.tf.json"), configuration);
            Map<String, Object> backend = Template.map("backend", tools.backend());
            Files.writeString(directory.resolve("backend.tf.json"), Template.json(Template.map("terraform", backend)));
            Files.writeString(
                    directory.resolve("terraform.tfvars.json"),
                    Template.json(Template.map(
                            FunctionResources.CODE_BUCKET,
                            names.installBucket(),
                            FunctionResources.CODE_OBJECT,
                            source)));
            Terraform terraform = new Terraform(tools.command(), directory);
            terraform.init();
            return work.apply(terraform);
        });
    }

    /** Does something in a directory of its own. */
    @FunctionalInterface
    private interface InDirectory<T> {
        T work(Path directory) throws IOException;
    }

    /** The directory is deleted, unless Terraform has left a state in it that it could not store. */
    private static <T> T inTemporary(InDirectory<T> work) {
        try {
            Path directory = Files.createTempDirectory("cumulane-");
            try {
                return work.work(directory);
            } finally {
                if (!Files.exists(directory.resolve("errored.tfstate"))) {
                    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Belonging> belongings() {
        List<Belonging> all = new ArrayList<>();
        SortedMap<String, List<String>> others = new TreeMap<>();
        resources(configuration(WANTED))
                .properties()
                .forEach(type -> type.getValue().properties().forEach(each -> {
                    String title = Differences.title(type.getKey(), each.getKey(), each.getValue());
                    String kind = Differences.kind(type.getKey());
                    others.computeIfAbsent(kind, any -> new ArrayList<>()).add(title.substring(kind.length() + 1));
                }));
        if (others.remove("firestore database") != null) {
            all.add(new Belonging("Firestore database " + names.database() + ": every run's history", true));
        }
        if (others.remove("storage bucket") != null) {
            all.add(new Belonging("bucket " + names.bucket() + ": every artifact and plan", true));
        }
        // Services that were switched on stay so: others may use them.
        others.remove("project service");
        others.forEach((kind, each) ->
                all.add(new Belonging(kind + ": " + String.join(", ", each), kind.equals("secret manager secret"))));
        if (bucket.exists()) {
            all.add(new Belonging(
                    "bucket " + names.installBucket() + ": installed packages, Terraform's state", false));
        }
        return all;
    }

    /** What is protected from an accident is first set free by a change of its own, since Terraform looks at its state when it deletes. */
    @Override
    public void remove(Consumer<String> progress) {
        configuration(WANTED).ifPresent(configuration -> {
            ObjectNode resources = (ObjectNode) configuration.path(RESOURCES);
            resources.path("google_storage_bucket").forEach(each -> ((ObjectNode) each).put("force_destroy", true));
            resources
                    .path("google_firestore_database")
                    .forEach(each -> ((ObjectNode) each).put("deletion_policy", "DELETE"));
            String source = "code/" + code(configuration).digest().hex() + ".zip";
            boolean unused = inDirectory(configuration.toString(), source, terraform -> {
                if (terraform.plan()) {
                    terraform.apply(progress);
                }
                progress.accept("deleting " + name());
                if (terraform.plan("-destroy")) {
                    terraform.apply(progress);
                }
                return true;
            });
        });
        progress.accept("deleting bucket " + names.installBucket() + " and what is in it");
        bucket.delete();
    }
}
