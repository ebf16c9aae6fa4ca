// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import dev.cumulane.gcp.client.GoogleRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The bucket beside an installation, where Terraform keeps its state and the installer what it has installed. Its older versions stay, so that a damaged state can be put right. */
final class InstallBucket {
    private final Supplier<GoogleApi> storage;
    private final GcpNames names;
    private final String bucket;
    private final GcpService service;

    InstallBucket(Supplier<GoogleApi> storage, GcpNames names) {
        this.storage = storage;
        this.names = names;
        this.bucket = names.installBucket();
        this.service = new GcpService("Cloud Storage", "bucket " + bucket);
    }

    boolean exists() {
        return service.call(
                "look for it",
                () -> found(() -> storage.get().get("getBucket", path())).isPresent());
    }

    /** Makes it if it is not there. */
    void require() {
        if (exists()) {
            return;
        }
        ObjectNode wanted =
                JsonNodeFactory.instance.objectNode().put("name", bucket).put("location", names.region());
        wanted.putObject("versioning").put("enabled", true);
        ObjectNode access = wanted.putObject("iamConfiguration").put("publicAccessPrevention", "enforced");
        access.putObject("uniformBucketLevelAccess").put("enabled", true);
        boolean unused = service.call("create it", () -> {
            try {
                return storage.get()
                        .post("createBucket", "/storage/v1/b?project=" + names.project(), wanted)
                        .isMissingNode();
            } catch (GoogleApiException e) {
                if (e.isExisting()) {
                    // The answer to the call before this one was lost; another project's would refuse what follows.
                    return true;
                }
                throw e;
            }
        });
    }

    Optional<byte[]> read(String name) {
        return service.call("read " + name, () -> {
            GoogleRequest get = GoogleRequest.get("get", object(name));
            try (InputStream in = storage.get().open(get)) {
                return Optional.of(in.readAllBytes());
            } catch (GoogleApiException e) {
                if (e.status() == 404) {
                    return Optional.empty();
                }
                throw e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    boolean has(String name) {
        GoogleRequest head = new GoogleRequest("head", "HEAD", object(name), new TreeMap<>(), Optional.empty());
        return service.call(
                "look for " + name, () -> found(() -> storage.get().send(head)).isPresent());
    }

    void put(String name, GoogleRequest.Body body) {
        GoogleRequest put = GoogleRequest.with(
                "put", "PUT", object(name), Map.of("Content-Type", "application/octet-stream"), body);
        boolean unused =
                service.call("write " + name, () -> storage.get().send(put).isMissingNode());
    }

    /** Deletes it with everything in it, older versions among it. What is gone already is no failure. */
    void delete() {
        String token = "";
        do {
            Optional<JsonNode> page = page(token);
            if (page.isEmpty()) {
                return;
            }
            for (JsonNode each : page.get().path("items")) {
                remove(
                        "deleteObject",
                        path() + "/o/" + GoogleApi.encoded(each.path("name").asText()) + "?generation="
                                + each.path("generation").asText());
            }
            token = page.get().path("nextPageToken").asText("");
        } while (!token.isEmpty());
        remove("deleteBucket", path());
    }

    private Optional<JsonNode> page(String token) {
        String more = token.isEmpty() ? "" : "&pageToken=" + GoogleApi.encoded(token);
        return service.call(
                "list what is in it",
                () -> found(() -> storage.get().get("listObjects", path() + "/o?versions=true" + more)));
    }

    private void remove(String operation, String path) {
        GoogleRequest delete = new GoogleRequest(operation, "DELETE", path, new TreeMap<>(), Optional.empty());
        boolean unused = service.call(
                "delete " + path, () -> found(() -> storage.get().send(delete)).isPresent());
    }

    private static Optional<JsonNode> found(Supplier<JsonNode> call) {
        try {
            return Optional.of(call.get());
        } catch (GoogleApiException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private String path() {
        return "/storage/v1/b/" + bucket;
    }

    private String object(String name) {
        return "/" + bucket + "/" + name;
    }
}
