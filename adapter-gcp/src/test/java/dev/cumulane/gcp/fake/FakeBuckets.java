// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Cloud Storage, as far as buckets are made, filled, listed and deleted. A bucket that holds anything is not deleted. */
public final class FakeBuckets extends FakeGoogle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/storage/v1/b";

    private final Map<String, Map<String, byte[]>> buckets = new TreeMap<>();

    /**
     * What is in a bucket.
     *
     * @param bucket its name
     * @return its objects by their names; empty if there is no such bucket
     */
    public synchronized Optional<Map<String, byte[]>> bucket(String bucket) {
        return Optional.ofNullable(buckets.get(bucket)).map(TreeMap::new);
    }

    @Override
    protected synchronized Answer handle(Request request) {
        if (!request.path().startsWith(API)) {
            return object(request);
        }
        String[] parts = request.path().substring(API.length()).split("/", -1);
        if (parts.length == 1) {
            return create(request);
        }
        Map<String, byte[]> bucket = there(buckets.get(parts[1]), "bucket");
        if (parts.length == 2) {
            return request.method().equals("DELETE") ? deleted(parts[1], bucket) : Answer.of(200, "{}");
        }
        if (parts.length == 3) {
            return listed(bucket);
        }
        byte[] unused = there(bucket.remove(URLDecoder.decode(parts[3], UTF_8)), "object");
        return Answer.of(204, "");
    }

    private Answer create(Request request) {
        JsonNode wanted;
        try {
            wanted = JSON.readTree(request.body());
        } catch (IOException e) {
            throw new Refused(400, "INVALID_ARGUMENT", "no JSON");
        }
        if (!request.query().containsKey("project")
                || !wanted.at("/iamConfiguration/uniformBucketLevelAccess/enabled")
                        .asBoolean()
                || !wanted.hasNonNull("location")) {
            throw new Refused(400, "INVALID_ARGUMENT", "an organization's policy wants buckets with uniform access");
        }
        if (buckets.putIfAbsent(wanted.path("name").asText(), new TreeMap<>()) != null) {
            throw new Refused(409, "", "You already own this bucket.");
        }
        return Answer.of(200, "{}");
    }

    private Answer deleted(String name, Map<String, byte[]> bucket) {
        if (!bucket.isEmpty()) {
            throw new Refused(409, "", "The bucket you tried to delete is not empty.");
        }
        buckets.remove(name);
        return Answer.of(204, "");
    }

    private static Answer listed(Map<String, byte[]> bucket) {
        ObjectNode page = JSON.createObjectNode();
        ArrayNode items = page.putArray("items");
        bucket.keySet().forEach(name -> items.addObject().put("name", name).put("generation", "1"));
        return Answer.of(200, page.toString());
    }

    private Answer object(Request request) {
        String[] parts = request.path().split("/", 3);
        Map<String, byte[]> bucket = there(buckets.get(parts[1]), "bucket");
        if (request.method().equals("PUT")) {
            bucket.put(parts[2], request.body());
            return Answer.of(200, "");
        }
        return new Answer(200, Map.of(), there(bucket.get(parts[2]), "object"));
    }

    private static <T> T there(T found, String what) {
        return Optional.ofNullable(found).orElseThrow(() -> new Refused(404, "", "no such " + what));
    }
}
